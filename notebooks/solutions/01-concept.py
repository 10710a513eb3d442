"""Notebook 1, the concept: its exercises with hints and solutions. Try first; `hint("…")` gives a nudge."""

# %% concept-predict-step
# title: Predict one step
# minutes: 1
# trains: equation (1)
# before: one-step-down
#
# hint: η turns the slope into a step. How long is it here, and to which side?
# hint: Against the slope: what do you take away from 5?

prediction = 4.4  # your θ after one step from θ = 5, slope 3, with η = 0.2

# The step is 0.2 times the slope 3, so 0.6, and it goes against the slope. From 5 that leads to 4.4.

# %% concept-predict-second
# title: Predict the second step
# minutes: 1
# trains: the gradient is asked anew at each θ
# before: descent-by-hand
#
# hint: How steep is the ground where you stand now? Not where you came from.
# hint: η times that slope is the length of the second step. Subtract it from θ₁.

prediction = 3.92  # θ₂, with the same η = 0.2

# At θ₁ = 4.4 the slope is 2.4, less than at the start, so the second step is 0.2·2.4 = 0.48 long. From 4.4 it leads
# to 3.92: the rate stays, and the step shrinks with the slope.

# %% concept-predict-rate
# title: Predict a rate
# minutes: 1
# trains: telling overshooting from diverging
# before: rates-picture
#
# hint: Where does the first step from 2.5 land? On which side of 0, and how far from it?
# hint: Compare the distance to 0 before and after.

prediction = "overshoots"  # with η = 1.5 the descent "glides", "overshoots" or "diverges"

# The slope of ½θ² is θ, so a step with η = 1.5 takes θ to −½θ: it overshoots, to the other side and half as far. As
# each step halves the distance, the descent converges all the same.

# %% concept-predict-fooled
# title: Predict where the tolerance stops
# minutes: 1
# trains: a small change is no proof of a minimum
# before: plateau-fooled
#
# hint: Look at the top of the table. How much does the loss change in the first five steps together?
# hint: The rule looks at each change, from the very first one on. Which is the first below 0.001?

prediction = 1  # the number of the step after which the tolerance of 0.001 stops this descent

# Where the ground is almost level a step hardly changes the loss, and here that is so from the beginning: the first
# change is already below 0.001. The rule knows how much the loss changes, not how high it is.

# %% concept-predict-start
# title: Predict a valley
# minutes: 1
# trains: the slope underfoot decides
# before: two-starts
#
# hint: Put θ = 0.3 into the formula for the slope. Only its sign matters.
# hint: The way down is against the slope.

prediction = "right"  # the walker from θ = 0.3 goes into the "left" or the "right" valley

# At 0.3 the slope is 0.3·(0.0225 − 1) + 0.15, about −0.14: the ground falls to the right. Small steps follow it down
# into the valley on that side, and what lies on the other side is never felt.

# %% concept-predict-tilt
# title: Predict the sign of a slope
# minutes: 1
# trains: a gradient is a slope for each knob
# before: line-by-hand
#
# hint: Turn w up a little from 0, in your mind: the line rises to the right. Is it nearer to the points, or farther?
# hint: A slope is positive if the loss grows when its knob is turned up.

prediction = "negative"  # at w = 0 and b = 0 the slope for w is "positive" or "negative"

# The points rise to the right, so a line that is tilted up a little misses them by less. The loss falls as w grows, and
# that is a negative slope.

# %% concept-predict-pass
# title: Predict the quickest order
# minutes: 1
# trains: rows read, and steps taken
# before: three-orders-run
#
# hint: How many steps does each order take while it reads the 40 rows once?
# hint: A rough step may be worth nearly as much as a careful one, as long as the best fit is far.

prediction = "stochastic"  # lowest after one pass: "batch", "mini-batch" or "stochastic"

# In one pass batch descent takes a single step, mini-batch descent five, and stochastic descent forty. Far from the
# best fit most rows pull towards it, so forty rough steps get farther than a good one.

# %% concept-predict-row
# title: Predict the pull of one row
# minutes: 1
# trains: a mean of zero is not zero everywhere
# before: pull-at-best
#
# hint: The best line does not pass through the points. What would row 1 alone like to do with it?
# hint: The gradient of the whole loss is the mean of those of the rows. Can numbers have the mean 0 and not be 0?

prediction = "not zero"  # at the best fit the gradient of row 1 alone is "zero" or "not zero"

# The best line misses row 1, so that row pulls at it. At the best fit the pulls of all rows cancel in the mean, while
# each of them is still there.

# %% concept-one-step
# title: One step by hand
# minutes: 3
# trains: equation (1)
#
# The loss is this notebook's $\frac12(\theta - 2)^2$, and its slope $\theta - 2$. You start on the other side of
# the valley, at θ = −1, with η = 0.2. Where does one step take you? Use a pencil, and mind the signs.
#
# hint: First the slope at −1. Is it positive or negative?
# hint: Put the slope into θ − η·slope, with its sign. What is minus a minus?

start, rate = -1, 0.2
theta_after = -0.4

# The slope at −1 is −3, so the step is −0.2·(−3) = 0.6, to the right, and leads to −0.4. The formula needs no
# change on this side of the valley: the sign of the slope does the work.

# %% concept-step
# title: Equation (1) as a function
# minutes: 4
# trains: equation (1) as code
#
# Write one step of descent for any slope. `slope` is a function: `slope(theta)` is the slope at `theta`.
#
# hint: One line is enough. Where is the slope taken?
# hint: Read equation (1) aloud: theta becomes theta minus eta times the gradient.


def one_step(theta, eta, slope):
    """Return θ after one step."""
    return theta - eta * slope(theta)


# The function is equation (1), read from left to right. It returns the new θ, not the change.

# %% concept-descend
# title: Descend in five lines
# minutes: 8
# trains: the loop, and its record
#
# Write a whole descent, with a record: the list of all θ, the start first. After `steps` steps it holds `steps + 1`
# numbers.
#
# hint: Begin the list with the start. What happens in each round of the loop?
# hint: In each round: a step from the θ you have now, then `append`.
# hint: The slope is asked anew in each round, at the current θ.


def walk_down(slope, start, eta, steps):
    """Return the list of θ: the start, then θ after each step."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - eta * slope(path[-1]))
    return path


# The last entry of the list is where you stand, so each round takes the slope there and appends one θ. The start
# counts as number 0, which makes `steps + 1` entries.

# %% concept-stop
# title: When to stop
# minutes: 10
# trains: the two stopping rules
#
# Descend with both rules for stopping, and count. Stop after the first step that changes the loss by less than
# `tolerance`, and in any case after `most` steps. A change counts the same whether the loss falls or grows.
#
# hint: You need the loss before the step and the loss after it.
# hint: A loss that grows makes a change, too. Which function takes a sign away?
# hint: A step that was taken counts, also the last one.


def steps_until_still(loss, slope, start, eta, tolerance, most):
    """Return after how many steps the descent stops."""
    theta = start
    for k in range(1, most + 1):
        before, theta = loss(theta), theta - eta * slope(theta)
        if abs(loss(theta) - before) < tolerance:
            return k
    return most


# The rule compares two losses, before and after a step, by the size of their difference. The step is taken before
# it can be judged, so it counts.

# %% concept-starts
# title: Several starts
# minutes: 8
# trains: local and global minima
#
# A walker cannot see over the hill. So send several: descend from each of the `starts`, `steps` steps with `eta`,
# and return the end whose loss is lowest.
#
# hint: First find all ends. Only then compare.
# hint: Compare the losses at the ends. A walker that starts low may end high.
# hint: `min(ends, key=loss)` returns the end with the least loss.


def best_end(loss, slope, starts, eta, steps):
    """Return the end of the descent that ends lowest."""
    ends = []
    for theta in starts:
        for _ in range(steps):
            theta = theta - eta * slope(theta)
        ends.append(theta)
    return min(ends, key=loss)


# With a small η each start leads to the local minimum of its own valley, and the loss at the ends tells which is
# lowest. That is no proof of a global minimum: a valley in which nobody started is not seen.

# %% concept-hover
# title: Where does it hover?
# minutes: 15
# trains: hovering, as a fixed point (hard)
#
# The model is a single number θ, and the losses of its two rows are $(\theta - y_1)^2$ and $(\theta - y_2)^2$. You step
# on row 1, then on row 2, round and round, with a constant η between 0 and 1. In time θ is the same number at the end
# of every round. Which? Unless $y_1 = y_2$ it is not the mean. (A loop is allowed, a formula is finer.)
#
# hint: Write one round as a formula: the θ after it, in terms of the θ before it.
# hint: "The same at the end of every round" means: a round that begins at this θ also ends at it. Set them equal.
# hint: A step on row 1 leads to (1 − 2η)·θ + 2η·y₁. Put that into the step on row 2, and solve for θ.


def hovering_place(y1, y2, eta):
    """Return the θ at the end of a round, after many rounds; row 2 comes last."""
    kept = 1 - 2 * eta
    return (kept * y1 + y2) / (1 + kept)


# A round turns θ into (1 − 2η)²·θ + 2η(1 − 2η)·y₁ + 2η·y₂; the θ that it leaves alone is ((1 − 2η)·y₁ + y₂)/(2 −
# 2η). The last row pulls harder, and only as η shrinks does the place come to the mean.
