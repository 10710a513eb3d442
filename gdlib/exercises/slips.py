"""The slips that come again and again: what each is called, and what to tell who made it.

An exercise adds the computation that makes it: ``Mistake(*SIGN_FLIPPED, lambda: -slope)``.
"""

FACTOR_FORGOTTEN = (
    "factor 2 forgotten",
    "A factor 2 is missing somewhere. What does the slope of a square bring with it?",
)
# Wherever the sign is turned, the numbers are the same.
SIGN_FLIPPED = (
    "sign flipped, or plus for minus",
    "The size is right and the sign is not. Either (ŷ − y) is turned round, or there is a plus where the rule has "
    "its minus (or the other way about): the numbers cannot tell which, so look at both.",
)
# Where only the error can be turned round.
ERROR_TURNED = ("sign flipped", "The size is right and the sign is not. Which of ŷ and y is taken from the other?")
# Where no (ŷ − y) is in sight.
PLUS_FOR_MINUS = (
    "plus for minus",
    "This walks uphill. Which sign stands between the old θ and the step, and which sign has the slope?",
)
SUM_FOR_MEAN = ("sum for mean", "This is the sum over the rows. What makes a sum a mean?")
RATE_SQUARED = ("η squared", "η goes in twice. It turns a slope into a step once.")
RATE_LEFT_OUT = ("η left out", "That is a step as long as the slope. What does η do to it?")
STEP_ALONE = ("the step alone", "That is the change. The new θ is the old one and the change.")
RATE_TIMES_SLOPE = (
    "η times the slope alone",
    "That is η times the slope, the part that is taken away. From what is it taken?",
)
WAY_ALONE = ("the step alone", "That is how far the step goes. Where does it lead to?")
X_LEFT_OUT = ("x left out", "All parameters move alike, as if they had the same input. How does ŷ answer each of them?")
BIAS_FORGOTTEN = ("bias forgotten", "The bias is left out. What is its input?")
BIAS_STILL = ("bias forgotten", "The bias never moves. What is its input?")
STALE_GRADIENT = (
    "gradient at the wrong θ",
    "The slope is taken at an old θ again and again. Where do you stand when the next step begins?",
)
ROUNDED_BETWEEN = (
    "rounding between steps",
    "A number was rounded, on the way or at the end. Keep all digits, and round only what you print.",
)
BIAS_BY_NEW_WEIGHTS = (
    "b updated with the new w",
    "The weights are right, the bias is not: its error was computed after the weights had moved. All parameters "
    "share one error.",
)
ONE_STEP_MORE = ("one step too many", "You are one step ahead. Count the rounds of the loop.")
ONE_STEP_LESS = ("one step too few", "You are one step behind. Count the rounds of the loop.")
