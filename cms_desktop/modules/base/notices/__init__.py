"""Notices: what needs one person. Functions of every module write them (base.deliver); only their reader sees and tidies them."""
