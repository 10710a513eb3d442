"""Notebook 6, classification: its exercises, hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% classification-predict-line
# title: Predict a line on classes
# minutes: 1
# trains: a line is no probability
# before: line-outputs
#
# hint: Half of the targets are 1. The line shall be near them, on the whole.
# hint: The line rises by the same amount for each centimetre. Does it know where to stop?

prediction = "yes"  # does the line give a flower more than 1, "yes" or "no"

# A line knows no end: it gives 11 of the flowers more than 1, and 8 less than 0.

# %% classification-predict-push
# title: Predict the harder push
# minutes: 1
# trains: why squared error stalls
# before: push-measured
#
# hint: At −6 the probability is about 1/400. Move z by 1: how much does p move?
# hint: The square feels z only by way of p, which hardly moves there.

prediction = "200 times"  # at z = −6 the log-loss is steeper "twice", "20 times" or "200 times"

# The square's slope is −2(1 − p) times the slope of p, and that is p(1 − p), about 1/400. The log-loss's slope is
# nearly −1.

# %% classification-predict-w1
# title: Predict w₁, for a class
# minutes: 2
# trains: equation (17)
# before: rows-by-hand
#
# hint: With all parameters at 0 the score is 0. What is p?
# hint: The slope for w₁ is (p − y)·x₁. Then η, and the minus.

prediction = 0.005  # w₁ after step 1

# p is ½, so p − y = −0.5, the slope is −0.05, and the step 0.1 times that, uphill turned downhill: +0.005.

# %% classification-predict-rest
# title: Predict whether w stops
# minutes: 1
# trains: separable classes have no best weight
# before: runaway-run
#
# hint: Take some w above 0. On which side of ½ is each row's p?
# hint: Now double w. What becomes of each row's loss?

prediction = "no"  # does w come to rest somewhere, "yes" or "no"

# With b = 0, where symmetry keeps it, each row is on its right side for any w above 0, and a larger w makes all four p
# more extreme: the loss falls for ever. So no w is best.

# %% classification-predict-sides
# title: Predict who changes sides
# minutes: 1
# trains: surer is not more often right
# before: setosa-run
#
# hint: After step 1 all 100 flowers are on their right sides. What would push one across?
# hint: The loss can fall without that: how?

prediction = "no"  # does any flower change sides later, "yes" or "no"

# The line hardly moves; ‖w‖ grows, and so p goes to 0 or 1 faster across it. The descent gets surer, and was right all
# the time.

# %% classification-predict-three
# title: Predict a loss at zero
# minutes: 2
# trains: softmax of equal scores
# before: softmax-start
#
# hint: All scores are 0, so no class is likelier than another. What is each p?
# hint: The loss of a row is −ln of the p of its class.

prediction = np.log(3)  # the loss of three classes at zero; np.log is ln

# Three equal scores give each class ⅓, and −ln ⅓ = ln 3 = 1.098612, whatever the flower.

# %% classification-predict-twice
# title: Predict a doubled softmax
# minutes: 1
# trains: softmax once
# before: twice-floor
#
# hint: What is the best that the first softmax can hand on?
# hint: Put the scores 1, 0, 0 into softmax. Is p near 1?

prediction = "no"  # can the loss come close to 0, "yes" or "no"

# The second softmax gets 1, 0, 0 at best, and makes e/(e + 2) = 0.576 of it. −ln of that is 0.551445, and no training
# leads below.

# %% classification-score
# title: Back to the score
# minutes: 5
# trains: equation (14), turned round
#
# Equation (14) leads from the score to p. Go back: return the score of each probability.
#
# hint: From p = 1/(1 + e⁻ᶻ), what is 1/p? And then e⁻ᶻ?
# hint: The table of σ has the odds beside z. What makes z of them?


def score(p):
    """Return the score z whose σ(z) is p, entry by entry."""
    return np.log(p / (1 - p))


# 1/p = 1 + e⁻ᶻ, so e⁻ᶻ = (1 − p)/p, and z = −ln of that: the logarithm of the odds. p = ½ has the odds 1, and the score
# 0.

# %% classification-log-loss
# title: The log-loss of a row
# minutes: 4
# trains: equation (15)
#
# Without looking up, write the log-loss of the probability p for class 1 and the class y, entry by entry.
#
# hint: Two terms, and the class chooses: y of the first, 1 − y of the second.
# hint: What happened in a row of class 0 has the probability 1 − p. And ln of it is below 0.


def loss_of_row(p, y):
    """Return the log-loss of each row."""
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# With y = 1 the second term is 0 and −ln p is left; with y = 0 the first is 0 and −ln(1 − p) is left: minus ln of the
# probability of what happened.

# %% classification-by-hand
# title: A step by hand
# minutes: 6
# trains: equations (17) and (18)
#
# One row x of class 0 and a start θ = (w₁, w₂, b). Where does one step lead? Return all three. (For σ take Python.)
#
# hint: The score is w₁x₁ + w₂x₂ + b, and p is σ of it. The class is 0: what is p − y?
# hint: The bias moves like a weight whose input is 1.

theta, x, y, eta = np.array([0.5, -0.5, 0.0]), np.array([2.0, 1.0]), 0, 0.4
theta_after = theta - eta * (1 / (1 + np.exp(-0.5)) - y) * np.array([2, 1, 1])

# The score is 0.5, so p = 0.622459, and all parameters go down by η·p times their input: there is no 2 and no p(1 − p).

# %% classification-border
# title: On the line
# minutes: 4
# trains: the line p = ½
#
# With two features, p = ½ on a straight line. For θ = (w₁, w₂, b) and a place x₁, find the x₂ at which p = ½.
#
# hint: Which score has the probability ½?
# hint: Solve w₁x₁ + w₂x₂ + b = 0 for x₂.


def height_of_border(theta, x1):
    """Return the x₂ at which p = ½."""
    return -(theta[0] * x1 + theta[2]) / theta[1]


# σ(z) = ½ at z = 0 alone, so the border is w₁x₁ + w₂x₂ + b = 0. Doubling θ leaves it where it is.

# %% classification-gradient
# title: The gradient of many rows
# minutes: 8
# trains: the gradient of the mean log-loss
#
# Return the gradient of the mean log-loss, bias last. `X` has shape (n, d), without the column of ones.
#
# hint: Put the ones on: then all scores are `A @ theta`.
# hint: It is the gradient of notebook 3, with p − y in place of 2(ŷ − y).


def gradient(X, y, theta):
    """Return the gradient of the mean log-loss, shape (d + 1,)."""
    A = np.column_stack([X, np.ones(len(X))])
    p = 1 / (1 + np.exp(-A @ theta))
    return A.T @ (p - y) / len(A)


# Each row pulls by p − y times its inputs, and the mean is taken over the rows, for the bias too. p(1 − p) has
# cancelled.

# %% classification-stable
# title: A loss from scores
# minutes: 10
# trains: equation (19), and what a computer can't hold
#
# Without looking up, return the log-loss of each score z and class y, for scores as large as ±900 too, where p is 0 or
# 1 in the computer.
#
# hint: Write −ln σ(z) as ln(1 + e⁻ᶻ). And −ln(1 − σ(z))?
# hint: Both are ln(1 + eᶻ) − y·z. Which part still overflows?
# hint: `np.logaddexp(a, b)` is ln(eᵃ + eᵇ), computed from the larger of the two.


def loss_of_score(z, y):
    """Return the log-loss of each row, from its score."""
    return np.logaddexp(0, z) - y * z


# ln(1 + eᶻ) = ln(e⁰ + eᶻ), and logaddexp takes the larger power out before it computes any. So z = −800 of class 1
# costs 800, as it should.

# %% classification-softmax
# title: Softmax
# minutes: 8
# trains: equation (20)
#
# Without looking up, return the probabilities of each row of a table of scores, shape (n, classes). Scores may be as
# large as ±1,000.
#
# hint: Powers of e, divided by their sum along the row. `axis=1` and `keepdims=True` belong to the sum.
# hint: Taking the same number from all scores of a row changes nothing. Which number makes the largest power 1?


def probabilities(Z):
    """Return the probabilities, in the shape of Z."""
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# e^(z − m) = e^z/e^m, and e^m cancels in the quotient. With the row's own maximum the largest power is 1 and none is
# too large.

# %% classification-softmax-slope
# title: The slope of softmax
# minutes: 10
# trains: equation (21)
#
# Return the slopes of the *mean* log-loss by all scores: a table of the shape of Z. `y` has the number of each row's
# class, counted from 0.
#
# hint: For one row: the probability of each class, and from that of the right class 1 is taken.
# hint: `np.eye(C)[y]` is a table with a 1 in the column of each row's class.
# hint: The loss is a mean over the rows. What does that do to each slope?


def slopes(Z, y):
    """Return the slopes of the mean log-loss by the scores, shape (n, C)."""
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = powers / powers.sum(axis=1, keepdims=True)
    return (P - np.eye(Z.shape[1])[y]) / len(Z)


# Output minus target again, class by class, with the target 1 for the right class and 0 for the others. Each row of
# slopes adds up to 0: what one class wins the others lose.

# %% classification-first-step
# title: The first step below
# minutes: 15
# trains: how slowly a separable loss falls (hard)
#
# One feature, one weight, no bias: p = σ(w·x). Batch descent on the mean log-loss from w = 0. After which step is the
# mean loss first below $10^{-m}$? (Class 0 lies left of 0 and class 1 right of it, so it gets there.)
#
# hint: A loop with three lines: a step, the loss, a look at it.
# hint: Steps count from 1: the loss after step 1 is weighed first.
# hint: Both the slope and the loss are means. m = 2 may take many hundred steps: use `while`.


def first_step_below(x, y, eta, m):
    """Return the number of the first step after which the mean loss is below 10⁻ᵐ."""
    w, k = 0.0, 0
    while np.mean(np.logaddexp(0, w * x) - y * w * x) >= 10.0**-m:
        w = w - eta * np.mean((1 / (1 + np.exp(-w * x)) - y) * x)
        k = k + 1
    return k


# Each further digit of the loss takes about ten times the steps: L falls like 1/k, not by a constant factor a step.
