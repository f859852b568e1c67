"""Reading real pictures: from a photo, scan or drawing to the digits in it."""
