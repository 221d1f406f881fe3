"""A day's work without a display: drives the real client by keys and leaves pictures of every screen and every document it makes.

    python -m cms_desktop.day_tour --folder DIR

It works on a copy of the demo database of the local server, so it can be repeated and changes nothing. A step that does not reach
what it should ends the tour with an error: a picture of an empty screen is never passed off as a good one.
"""
