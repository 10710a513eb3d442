"""The bug hunt: its cases with hints and solutions. Try first; `hint("…")` gives a nudge."""

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

# Every computed slope is half of the measured one: the 2 from the square is lost. The descent is that of half the
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

# The start was written `[0, 3]`, an array of whole numbers, and what is written into it loses its decimals. So a rise
# of less than 1 is lost, and the smallest fall takes a whole 1 away; `[0.0, 3.0]` mends it.

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

culprit = "features unscaled"

# The area lies far from zero, which makes a long narrow valley: the steep axis forbids a larger rate, and the
# gentle one creeps. Standardising the feature mends it.

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
