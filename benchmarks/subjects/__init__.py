"""The subjects: one library a file, all with the same nets and the same answers to give."""
