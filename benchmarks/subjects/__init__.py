"""The subjects: one file for each library, all with the same networks and measurements."""
