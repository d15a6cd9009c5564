"""Files made to do harm, some two thousand of them, and a place to try them where they can do none.

`inputs` lists them; `trial` decodes them in a process of its own, with limits. Everything is made from seeds: the same
name stands for the same bytes, so that a failure can be made again by its name.
"""
