"""The bug hunt asks for the culprit of each program, and answers a wrong one by what it would look like."""

from gdlib.exercises import find_exercise
from gdlib.exercises.bugs import CULPRITS, PROGRAMS, culprit


def test_each_program_is_asked_for_its_culprit():
    for number in range(1, PROGRAMS + 1):
        asked = find_exercise(f"bug-{number}")
        assert asked.right() == culprit(number)
        assert asked.choices == tuple(CULPRITS)
        assert [mistake.hint for mistake in asked.mistakes] == [
            look for word, look in CULPRITS.items() if word != culprit(number)
        ]
