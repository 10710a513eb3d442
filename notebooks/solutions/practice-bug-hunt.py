"""The bug hunt: its cases, and then the repairs, with hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% bug-1
# title: Bug 1
# minutes: 2
# trains: diagnosis by symptoms
#
# *“I wrote the gradient myself. Whatever small rate I take, the loss gets worse from the first step on.”*
#
# hint: Look at the gradient check: compare each slope with the measured one.
# hint: The sizes agree. What does not?

culprit = "sign"

# Each computed slope is the measured one turned round: target minus output, in place of output minus target. The
# update subtracts it, and so walks uphill.

# %% bug-2
# title: Bug 2
# minutes: 2
# trains: diagnosis by symptoms
#
# *“The loss grows and grows. My gradient must be wrong.”*
#
# hint: Is the gradient wrong? Look at the check.
# hint: Look at the path: where does each step land, seen from the valley?

culprit = "rate too large"

# The gradient agrees with the measured slopes, so it is not to blame. θ jumps across the valley and lands farther
# away each time: the rate is past the edge.

# %% bug-3
# title: Bug 3
# minutes: 3
# trains: diagnosis by symptoms
#
# *“It works: the loss falls and arrives. A friend with the same rate is twice as fast.”*
#
# hint: A falling loss does not prove a gradient right. What does?
# hint: Divide each computed slope by the measured one.

culprit = "factor 2"

# Each computed slope is half of the measured one: the 2 from the square is lost. The descent is that of half the
# rate, so it arrives, later.

# %% bug-4
# title: Bug 4
# minutes: 3
# trains: diagnosis by symptoms
#
# *“The loss falls fast and then stays. It is not zero, but whose is?”*
#
# hint: The dashed line is the least loss a line can have. Does the curve reach it?
# hint: Look at the path. Which parameter never moves?

culprit = "no bias"

# The path moves along w alone, and the slope for b is 0 at every place. The program finds the best line through the
# origin.

# %% bug-5
# title: Bug 5
# minutes: 3
# trains: diagnosis by symptoms
#
# *“The last θ is fine. But my loss curve is a flat line, although I record every step.”*
#
# hint: How many different points has the path?
# hint: The record holds 61 times the same. When did it get these numbers?

culprit = "record overwritten"

# θ is changed in place, and the record holds the same array 61 times, so that every entry shows the last θ. A copy
# for each entry mends it.

# %% bug-6
# title: Bug 6
# minutes: 3
# trains: diagnosis by symptoms
#
# *“I started at (0, 3). Two steps, and it is stuck, far from the best line. The gradient is right, I checked.”*
#
# hint: Read the numbers of the path. What kind of numbers are they?
# hint: What becomes of 2.79 when its decimals are cut off? And of 0.12?

culprit = "whole numbers"

# The start was written `[0, 3]`, so the array holds whole numbers, and `theta[:] = …` writes into that very array: the
# decimals are cut off. It takes both lines, for `theta = …` makes a new array, of decimals, and `theta -= …` stops with
# an error.

# %% bug-7
# title: Bug 7
# minutes: 3
# trains: diagnosis by symptoms
#
# *“The gradient is right, the rate is small. The loss falls, and then it grows again.”*
#
# hint: Look at the path: how long are the steps, and which way do they go?
# hint: Steps shrink where the ground levels out. When would they not?

culprit = "stale gradient"

# All steps are alike, as if the slope never changed: the gradient is always taken at the start. The path runs
# straight through the valley and up the other side.

# %% bug-8
# title: Bug 8
# minutes: 3
# trains: diagnosis by symptoms
#
# *“Rent by floor area. The gradient is right, the rate is half of the limit. After the first step nothing much
# happens.”*
#
# hint: The loss is far above the dashed line, and it still falls a little.
# hint: One axis is done at once, the other creeps. What makes a valley so narrow?

culprit = "features not standardised"

# The area, in units of 10 m², lies far from zero for its spread, which makes a long narrow valley: its condition number
# is 680. Divided by the spread it would be 58, centred 14.7, and with both, standardised, 1: here centring does more.

# %% bug-9
# title: Bug 9
# minutes: 4
# trains: diagnosis by symptoms
#
# *“The gradient is right, the descent arrives. But the line it finds is almost level, and the points rise.”*
#
# hint: The curve is flat at its end, well above the least loss of the true rows. So what does the program minimise?
# hint: The slopes are right for the loss that the program sees. Are its rows the true ones?

culprit = "rows shuffled"

# The descent reaches the least loss of the rows that it sees, and those are not the true ones: features and targets
# were shuffled apart. Shuffle indices, and use the same for both.

# %% bug-10
# title: Bug 10
# minutes: 4
# trains: diagnosis by symptoms
#
# *“Two rows, two parameters. The loss falls at first, then it explodes.”*
#
# hint: Divide the computed slopes by the measured ones. Is it one factor?
# hint: As many rows as parameters: a mistake in the shapes would go unseen.

culprit = "wrong axis"

# The slopes are wrong, and not by a single factor: each is the mean of a row of the table of pulls, where it must
# be the mean of a column. With more rows than parameters numpy would have complained.

# %% bug-11
# title: Bug 11
# minutes: 3
# trains: diagnosis by symptoms
#
# *“I compare two rates, both from (0, 0). This is the second run. It begins at the bottom.”*
#
# hint: Look at the first θ of the record. Is it (0, 0)?
# hint: What did the first run do to the start?

culprit = "shared array"

# Both runs use one and the same start array, and the first run moved it by `-=`. The second begins where the first
# one ended; a copy of the start mends it.

# %% bug-12
# title: Bug 12
# minutes: 4
# trains: diagnosis by symptoms
#
# *“With a small rate, the loss goes up and down without end. A gradient check at one place says: all right.”*
#
# hint: The check was made at one place. Look at the others, in their order.
# hint: Take the computed slopes of the second line minus those of the first. What do you get?

culprit = "gradient not zeroed"

# The first slopes are right, and each later line is the sum of all measured slopes so far: the gradient is added up
# and never set back to zero. Old slopes push θ on, through the valley and back again.

# %% bug-13
# title: Bug 13
# minutes: 4
# trains: diagnosis by symptoms
#
# *“For eleven steps the loss falls. Then it grows, and I have changed nothing.”*
#
# hint: Is the gradient right? If so, look at the path: which way do the steps go?
# hint: θ walks along the valley, and jumps across it all the while. Do the jumps shrink?

culprit = "rate too large"

# Along the valley each step shrinks the error, across it each lengthens it, and the run starts nearly on the floor. The
# rate is made from the largest entry of the Hessian, which is less than its largest eigenvalue.

# %% bug-14
# title: Bug 14
# minutes: 3
# trains: diagnosis by symptoms
#
# *“The loss never reaches zero, and the first steps jump to and fro. I have searched for hours.”*
#
# hint: Which loss can a line reach on these points?
# hint: Jumping across the valley is overshooting. Do the jumps grow, or do they shrink?

culprit = "no bug"

# The slopes are right, and the loss comes down to the dashed line: no line has less on these points. The jumps shrink,
# for overshooting is not diverging. The function below is sound: hand it over as it is.

# %% bug-15
# title: Bug 15
# minutes: 3
# trains: diagnosis by symptoms
#
# *“A friend's program takes this rate, and arrives. Mine explodes with it.”*
#
# hint: A loss that grows may have several reasons. What does the gradient check say?
# hint: Divide each computed slope by the measured one.

culprit = "factor 2"

# Each computed slope is twice the measured one: the 2 from the square is there twice. The descent is that of twice the
# rate, and this lies past the edge.

# %% bug-16
# title: Bug 16
# minutes: 3
# trains: diagnosis by symptoms
#
# *“I started at (0, 0), and the record says otherwise. All the rest of it is as it should be.”*
#
# hint: Compare the first θ of the record with the last.
# hint: Had the run begun there, how far would its first step have led?

culprit = "record overwritten"

# The first entry is the array θ itself, which each step changes in place, so that it ends as the last θ. The later
# entries are copies, and keep what they were.

# %% bug-17
# title: Bug 17
# minutes: 4
# trains: diagnosis by symptoms
#
# *“It arrives, and the gradient is right. But I took the first step by hand, by the slopes in the first line of the
# check, and came to another place.”*
#
# hint: The path begins where the first line of the check was taken. Which way should w go, and which way b?
# hint: w goes right where it should. What has b seen that a step by hand does not see?

culprit = "updated too early"

# At the square both slopes are below 0, so both parameters should rise. w does; b falls, since its slope is asked for
# when w has moved already. The gradient is right each time, so a check of it sees nothing. In a network the same slip
# sends δ back through new weights (notebook 7).

# %% bug-18
# title: Bug 18
# minutes: 3
# trains: diagnosis by symptoms
#
# *“I have checked both slopes at three places, and they are right. The loss falls, and then it stays, far above its
# least.”*
#
# hint: The slopes are right. Who uses them?
# hint: Look at the path. Which parameter stands still, and is its slope 0?

culprit = "bias frozen"

# b stays at −1, though its slopes in the check are right, and none of them is 0. So the update leaves it out. A
# gradient check looks at the slopes, and not at what is done with them.

# %% bug-1-repair
# title: Bug 1, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-1
#
# hint: Take a row whose output is too large. Which sign should its error have?
# hint: The slope of (ŷ − y)² for ŷ has the sign of ŷ − y.


def gradient(A, y, theta):
    errors = A @ theta - y
    return 2 / len(y) * A.T @ errors


repaired = gradient  # the function above, mended

# An error is output minus target. The update subtracts the slope, so its sign must not be turned beforehand.

# %% bug-2-repair
# title: Bug 2, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-2
#
# hint: `2 / steepest` is the edge. On which side of it is the rate?
# hint: Any rate above 0 and below the edge will do. At half of the edge the steepest axis lands.


def rate(A):
    steepest = np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]
    return 0.9 * 2 / steepest


repaired = rate  # the function above, mended

# Below 2/λ of the steepest axis, each step shrinks the error along each axis that is curved. How far below is a matter
# of speed.

# %% bug-3-repair
# title: Bug 3, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-3
#
# hint: What does the slope of a square bring with it?
# hint: The square of a number e has the slope 2e.


def gradient(A, y, theta):
    errors = A @ theta - y
    return 2 * A.T @ errors / len(y)


repaired = gradient  # the function above, mended

# The loss is the mean of the squares, so the 2 of the square belongs to its slope. Had the loss been half of that, the
# program would have been right.

# %% bug-4-repair
# title: Bug 4, mended
# minutes: 3
# trains: a repair, tried on other data
# repairs: bug-4
#
# hint: ŷ = w·x + b. By how much does ŷ change if b changes by 1?
# hint: The slope of w is twice the mean of error times input. What is the input of b?


def gradient(A, y, theta):
    errors = A @ theta - y
    slope_w = 2 * np.mean(errors * A[:, 0])
    slope_b = 2 * np.mean(errors)
    return np.array([slope_w, slope_b])


repaired = gradient  # the function above, mended

# The input of b is 1 in each row, so its slope is twice the mean of the errors. `2 / len(y) * A.T @ errors` has both
# slopes in it: the second column of A holds these ones.

# %% bug-5-repair
# title: Bug 5, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-5
#
# hint: How many arrays are in the record, and how many names have they?
# hint: `theta -= …` changes the array itself. What must be put into the record in its place?


def descend(gradient, start, eta, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        theta -= eta * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# Each entry is a copy, so that the next step cannot change it. `theta = theta - …` would do as well: it makes a new
# array at each step.

# %% bug-6-repair
# title: Bug 6, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-6
#
# hint: What kind of numbers has `np.array([0, 3])`? And what can be written into it?
# hint: Either line can be mended: ask for decimals at the start, or let each step make a new array.


def descend(gradient, start, eta, steps):
    theta = np.array(start, dtype=float)
    path = [theta.copy()]
    for _ in range(steps):
        theta[:] = theta - eta * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# An array of floats keeps the decimals that are written into it. Whoever calls the function may still write `[0, 3]`.

# %% bug-7-repair
# title: Bug 7, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-7
#
# hint: How often is the slope computed, and how often should it be?
# hint: Each step needs the slope at the place where it begins.


def descend(gradient, start, eta, steps):
    theta, path = start, [start]
    for _ in range(steps):
        theta = theta - eta * gradient(theta)
        path.append(theta)
    return np.array(path)


repaired = descend  # the function above, mended

# The slope is asked for in each round of the loop, at the θ of that round.

# %% bug-8-repair
# title: Bug 8, mended
# minutes: 3
# trains: a repair, tried on other data
# repairs: bug-8
#
# hint: What is the mean of a standardised feature, and what is its spread?
# hint: Two things are done to each number: one moves the feature, the other changes its unit.


def prepared(area):
    x = area / 10  # in units of 10 m²
    return (x - x.mean()) / x.std()


repaired = prepared  # the function above, mended

# With mean 0 the two axes of the bowl are those of w and b, and with a spread of 1 both have the same curvature. So the
# bowl is round, and one rate suits both.

# %% bug-9-repair
# title: Bug 9, mended
# minutes: 3
# trains: a repair, tried on other data
# repairs: bug-9
#
# hint: `permutation` makes a new order each time it is called. How many orders are needed?
# hint: `generator.permutation(len(x))` gives indices.


def shuffled(x, y, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    return x[order], y[order]


repaired = shuffled  # the function above, mended

# One order for both keeps each target beside its own feature. Any order would do: the loss does not ask for it.

# %% bug-10-repair
# title: Bug 10, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-10
#
# hint: Which shape has `pulls`, and which shape has a gradient?
# hint: Axis 0 runs down the rows, axis 1 along the columns. Which one is to disappear?


def gradient(A, y, theta):
    pulls = 2 * (A @ theta - y)[:, np.newaxis] * A
    return pulls.mean(axis=0)


repaired = gradient  # the function above, mended

# Each row of the table is the pull of one row, and the gradient is their mean: one number for each column.

# %% bug-11-repair
# title: Bug 11, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-11
#
# hint: How many arrays are there after `theta = start`?
# hint: The caller's array must stay as it is. `np.array(…)` and `.copy()` make another.


def descend(gradient, start, eta, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        theta -= eta * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# θ is an array of its own now, and may change. The caller's start is what it was when the next run begins.

# %% bug-12-repair
# title: Bug 12, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-12
#
# hint: What shall be left of the slopes of the last call?
# hint: The old slopes must have no say in what is returned.


def backward(A, y, theta, grad):
    return 2 / len(y) * A.T @ (A @ theta - y)


repaired = backward  # the function above, mended

# What is returned is the gradient at this θ, whatever came before. In a library that adds, the same is done by setting
# its gradients to zero before each step.

# %% bug-13-repair
# title: Bug 13, mended
# minutes: 3
# trains: a repair, tried on other data
# repairs: bug-13
#
# hint: Which curvature decides, and is it one of the numbers on the diagonal?
# hint: `np.linalg.eigvalsh(hessian)` gives the curvatures along the axes of the bowl, smallest first.


def rate(A):
    hessian = 2 / len(A) * A.T @ A
    return 1.9 / np.linalg.eigvalsh(hessian)[-1]


repaired = rate  # the function above, mended

# The largest eigenvalue is the curvature of the steepest direction, and no entry of the diagonal is larger. A rate
# below 2 over it converges.

# %% bug-14-repair
# title: Bug 14, mended
# minutes: 1
# trains: a repair, tried on other data
# repairs: bug-14
#
# hint: What was wrong with the program?
# hint: The function does what it shall. How much of it must be changed?


def descend(gradient, start, eta, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - eta * gradient(path[-1]))
    return np.array(path)


repaired = descend  # the function above, mended

# There was nothing to mend. A smaller rate would stop the jumps, but not bring the loss below its least.

# %% bug-15-repair
# title: Bug 15, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-15
#
# hint: How often does the 2 of the square stand in the function?
# hint: One of the two lines is right as it is.


def gradient(A, y, theta):
    errors = A @ theta - y
    return 2 / len(y) * A.T @ errors


repaired = gradient  # the function above, mended

# The square brings one 2. Which of the two goes is a matter of taste.

# %% bug-16-repair
# title: Bug 16, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-16
#
# hint: Which entries of the record are copies?
# hint: The first entry shares its array with θ. What do the others do?


def descend(gradient, start, eta, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        theta -= eta * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# The first entry is a copy now, as the others are.

# %% bug-17-repair
# title: Bug 17, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-17
#
# hint: How often is the gradient computed in a step, and where does θ stand each time?
# hint: Ask for the gradient before the inner loop, or do without that loop.


def descend(gradient, start, eta, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        slopes = gradient(theta)
        for i in range(len(theta)):
            theta[i] -= eta * slopes[i]
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# The slopes of a step belong to one place, the θ at which it begins. `theta -= eta * gradient(theta)` says the same.

# %% bug-18-repair
# title: Bug 18, mended
# minutes: 2
# trains: a repair, tried on other data
# repairs: bug-18
#
# hint: Which entries of θ does `theta[:-1]` have?
# hint: One gradient has the slopes of weights and bias, and one line can move them together.


def descend(gradient, start, eta, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        theta -= eta * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


repaired = descend  # the function above, mended

# The bias is a parameter like the weights, and moves with them. A second line for it would ask for its slope when the
# weights have moved.
