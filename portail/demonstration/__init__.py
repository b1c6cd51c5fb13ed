"""The demonstration town: fictional, the same each time for the same day (`manage.py demo`).

Rows that a town would have written through its screens go through the actions where it matters (requests,
waiting list, closing, invoices, payments); the mass (families, regular bookings, registers) is written in
bulk.
"""
