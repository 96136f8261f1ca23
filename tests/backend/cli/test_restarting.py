from backend.cli.restarting import FIRST_S, LIVED_S, LONGEST_S, Pauses


class Seconds:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


def test_each_pause_is_twice_the_one_before_up_to_half_a_minute():
    pauses = Pauses(monotonic_s=Seconds())
    assert [pauses.take() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert LONGEST_S == 30


def test_a_program_that_lived_for_a_minute_begins_with_the_shortest_pause_again():
    clock = Seconds()
    pauses = Pauses(monotonic_s=clock)
    pauses.take(), pauses.take()
    pauses.began()
    clock.now_s += LIVED_S - 1
    assert pauses.take() == 4
    pauses.began()
    clock.now_s += LIVED_S
    assert pauses.take() == FIRST_S
