"""Letters to customers on the company's paper."""
