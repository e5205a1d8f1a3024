/** The desk's board lives. */
