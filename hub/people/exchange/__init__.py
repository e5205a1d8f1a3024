"""Files of citizens: read, understood, compared with what is known; and written."""
