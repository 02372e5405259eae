"""Pages of consent: for staff on the HCP page, for the person by signed link."""
