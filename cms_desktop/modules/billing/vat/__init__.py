"""The VAT books: registers, settlements, stamp duty. Figures come from guarded functions of the database; nothing is summed here."""
