"""The screens of imports: what to bring in, mapping, dry run, result, and the imports that were made, which can be undone.

page = ImportWizard(workplace, [CUSTOMERS, CONTRACTS])       targets: cms_desktop.documents.importing
page.imported.connect(lambda target: …)                      something was written, or undone
page.show_records_wanted.connect(lambda target: …)
"""

from .page import ImportWizard

__all__ = ["ImportWizard"]
