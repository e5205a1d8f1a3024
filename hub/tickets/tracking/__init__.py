"""The citizen's side of a ticket once it is sent: its page, answers, « C’est réglé ? », following, lists."""
