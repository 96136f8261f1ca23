"""Ray as the engine of a cluster: it places seats and keeps their processes, and nothing else.

A seat is a named, detached actor that runs an ordinary worker on the node and device that Ray gave
it. Runs, leases, priorities and cancels stay where they are; the dispatcher only opens seats while
runs wait for them. Ray itself is imported in `link`, a process of its own, and on the nodes.
"""
