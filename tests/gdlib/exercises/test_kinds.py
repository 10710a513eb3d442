"""An exercise asks for a value, a word or a function, and its builder bears its name."""

from gdlib.exercises import _builders, all_exercises
from gdlib.exercises.kinds import Exercise, Mistake, chosen, exercise, numbered

KNOWN = all_exercises()


def test_exercise_knows_whether_a_value_is_asked():
    assert Exercise(lambda: 1).is_value
    assert not Exercise(lambda x: x, ((1,),)).is_value


def test_exercises_are_made_by_what_they_ask_for():
    slip = Mistake("a slip", "Look again.", lambda: 2)
    assert Exercise.value(lambda: 1, slip).mistakes == (slip,)
    word = Exercise.word(lambda: "yes", ("yes", "no"), chosen("no", "Sure?"))
    assert word.choices == ("yes", "no")
    assert word.mistakes[0].name == "chose “no”"
    function = Exercise.function(abs, ((-1,), (2,)), slip, tolerance=0.1)
    assert (function.cases, function.mistakes, function.tolerance) == (((-1,), (2,)), (slip,), 0.1)
    assert [each.is_value for each in (word, function)] == [True, False]


def test_an_exercise_has_the_name_that_its_mark_gives():
    @exercise("concept-two-words")
    def _two_words():
        return Exercise.value(lambda: 1)

    assert _two_words.builders == {"concept-two-words": _two_words}


def test_functions_are_called_like_their_exercises():
    marked = {name: build.__name__ for name, build in _builders().items() if not name.startswith("bug-")}
    assert marked == {name: "_" + name.partition("-")[2].replace("-", "_") for name in marked}


def test_numbered_exercises_are_built_by_their_number():
    @numbered("case", 3)
    def _case(number):
        return Exercise.value(lambda: number)

    assert list(_case.builders) == ["case-1", "case-2", "case-3"]
    assert [build().right() for build in _case.builders.values()] == [1, 2, 3]


def test_an_exercise_with_many_right_answers_says_what_falls_short():
    assert all((each.accepts is None) == (each.falls_short is None) for each in KNOWN.values())


def test_functions_are_tried_on_other_data_than_the_notebooks():
    assert [name for name, each in KNOWN.items() if not each.is_value and len(each.cases) < 2] == []
