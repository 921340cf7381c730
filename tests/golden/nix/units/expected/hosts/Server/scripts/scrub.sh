echo scrub
