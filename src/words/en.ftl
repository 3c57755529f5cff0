### Sentences of the program, by key. A sentence takes the arguments that stand in it as { $name }.

## export/report/parts.rs

report-so-the-story-says-this = So the story says; this run is another one. { $how }
report-codes-in-use = Codes in use
report-of-codes = { $used } of { $all } codes
report-reconstruction-error = Reconstruction error
report-mse-a-pixel-db = MSE a pixel, { $psnr } dB
report-does-it-hold = Does it hold?
report-how-far-it-carries = How far it carries
report-not-measured = not measured
report-over-the-steps-of-training = Over the steps of training
report-of-tokens = { $lane } { $ceiling } of { $tokens } tokens
report-window-the-last-training-tokens = Window: the last training tokens. Full set: held-out tokens. Sampling ceiling: what equally likely codes would reach, 1-(1-1/K)^N; for the full set { $ceilings }.
report-dashed-vertical-lines-a-setting = {""} Dashed vertical lines: a setting changed; the list below says which.
report-log-scale-thin-error-of = Log scale. Thin: error of each training batch.{ $changed }
report-log-scale-terms-of-the = Log scale. Terms of the loss as they are minimized.
report-log-scale-number-of-equally = Log scale. Number of equally used codes that would be as hard to guess.
report-where-the-codes-lie = Where the codes lie
report-codes-on-the-two-main = Codes on the two main axes of the codebook (PCA), which show the share of the variance that they name. Discs: codes in use by the last training tokens, the larger the more. Crosses: codes that fell out of use. Rings: codes that never were in use. Small dots: outputs of the encoder that the codes must serve.
report-how-evenly-codes-are-used = How evenly codes are used
report-uses-of-each-code-in = Uses of each code in the last training tokens, most used first, on a logarithmic scale. Where every code is used alike, the line is flat at the fair share.
report-what-comes-back = What comes back
report-held-out-pictures-and-their = Held-out pictures and their reconstructions at step { $step }.
report-what-happened = What happened
report-nothing-was-changed-or-flagged = Nothing was changed or flagged while the run trained.
report-to-repeat-it = To repeat it
report-the-scenario-is-no-built = The scenario is no built-in one: save the text below as scenario.toml first.
report-settings-were-changed-by-hand = { $log } settings were changed by hand while it trained, which the command does not do; the list above says what and when.
report-it-was-forked-from-the = It was forked from the run { $run } at step { $step }.
report-on-the-cpu-the-same = On the CPU the same program, instruction set, scenario and seed give the same numbers to the last digit; GPUs agree only nearly.
report-run-hash-sha-256-of = run hash (SHA-256 of the scenario)
report-steps-trained = steps trained
report-instruction-set = instruction set

## export/report/facts.rs

report-at-the-end = { $before }{ $preset }, at the end { $now }
report-diverged-at-step-its-loss = { $lane } diverged at step { $step }: its loss is not a finite number, and its figures are those before.
report-one-lane-there-is-nothing = One lane, { $name }: there is nothing beside it to compare with.
report-used-more-of-its-codebook = { $better } used more of its codebook and reconstructed better than { $worse }.
report-used-more-of-its-codebook-2 = { $used } used more of its codebook, and yet { $better } reconstructed better.
report-reconstructed-better-than-both-used = { $better } reconstructed better than { $worse }; both used the same share of their codes.
report-used-more-of-its-codebook-3 = { $used } used more of its codebook than { $other }.
report-and-came-out-equal = { $a } and { $b } came out equal.
report-8x8-patches-of-photographs = 8x8 patches of photographs
report-handwritten-digits = handwritten digits
report-pictures-of-clothing = pictures of clothing
report-codes-of-numbers = { $size } codes of { $dim } numbers
report-one-autoencoder-with-trained-on = One autoencoder with { $book }, trained on { $data } for { $steps } steps.
report-from-the-same-seed-and = from the same seed and on the same batches
report-side-by-side = side by side
report-each-has = Each has { $book }.
report-a-has-b-has-of = A has { $book }, B has { $k } of { $d }.
report-they-began-alike = They began alike
report-they-differ-in-one-setting = They differ in one setting, { $one }; all else is equal
report-they-differ-in-settings-all = They differ in { $number } settings ({ $names }); all else is equal
report-but-for-what-was-changed = , but for what was changed while they trained, which is listed below
report-two-autoencoders-trained-of-for = Two autoencoders, trained { $alike } of { $data } for { $steps } steps: { $a } and { $b }. { $books } { $what }{ $later }.
report-used-of-codes = { $lane } used { $used } of { $size } codes ({ $share })
report-codes-in-use-were-not = Codes in use were not counted: no evaluation was made.
report-counted-on-held-out-tokens = { $all }, counted{ $of } on { $tokens } held-out tokens, { $size } a code; were every code equally likely, so many tokens would use { $ceiling }.
report-has-less-error-than-a = { $best } has { $share } less error than { $other }: a mean squared error of { $less } a pixel against { $more } ({ $best_psnr } dB against { $other_psnr } dB), on images that training never saw.
report-both-have-the-same-mean = Both have the same mean squared error of { $mse } a pixel.
report-the-mean-squared-error-is = The mean squared error is { $mse } a pixel ({ $lanes } dB), on images that training never saw.
report-the-error-was-not-measured = The error was not measured: no evaluation was made.
report-were-not-reached = , { $open } were not reached
report-the-scenario-states-no-expectations = The scenario states no expectations.
report-the-one-expectation-that-was = The one expectation that was stated beforehand held.
report-all-expectations-that-were-stated = All { $all } expectations that were stated beforehand held.
report-of-expectations-held-the-run = { $held } of { $all } expectations held; the run ended before the other { $open }.
report-of-expectations-failed-held = { $failed } of { $all } expectations FAILED, { $held } held{ $rest }.
report-this-is-one-run-with = This is one run with seed { $seed } of small networks on small images; other seeds and larger models must be tried before its figures are taken for theirs.

## export/report/tables.rs

report-final-figures = Final figures
report-the-full-set-was-last = {""} The full set was last counted after { $step }: the run was stopped before the next time.
report-after-steps-a-tick-marks = After { $steps } steps.{ $early } A tick marks the better of two values. How many codes are in use depends on how many tokens are counted, so their number stands beside it.
report-used-final-count = used, final count { $tokens }
report-perplexity-final-count = perplexity, final count
report-stated-in-the-scenario-before = Stated in the scenario before the run. { $holds }
report-not-here = not here
report-not-judged = not judged
report-not-reached = not reached
report-as-the-run-began-settings = As the run began. Settings in which the lanes differ are marked and come first.

## export/report/departure.rs

report-it-began-with-other-settings = It began with other settings than the story as written: { $keys }. {""}
report-it-left-the-story-after = It left the story after step { $step }, when a setting was made by hand{ $what }. {""}
report-1-is-not-judged = ; 1 is not judged
report-are-not-judged = ; { $left } are not judged
report-none-was-decided-before = none was decided before
report-held-before = { $held } held before
report-held-and-failed-before = { $held } held and { $failed } FAILED before
report-hold-for-this-run-as = { $held } hold for this run as well, { $failed } do not
report-the-expectations-are-about-the = { $sentence }The { $verdicts } expectations are about the story as written: { $decided }{ $rest }.

## export/plots.rs

chart-sampling-ceiling-of-the-window = sampling ceiling of the window
chart-the-same-of = the same of { $lane }
chart-full-set = full set
chart-codes-in-use = Codes in use
chart-codes-in-use-2 = codes in use
chart-reconstruction-error = Reconstruction error
chart-mean-squared-error-a-pixel = mean squared error a pixel
chart-codebook-and-commitment = codebook and commitment
chart-loss-terms-of-each-batch = Loss terms of each batch
chart-loss-commitment-without-its-weight = loss (commitment without its weight)
chart-perplexity-of-each-batch = Perplexity of each batch
chart-fair-share = fair share { $size }
chart-codes-most-used-first = codes, most used first
chart-uses-log-scale = uses, log scale
chart-step-last-training-tokens = step { $step }: last { $tokens } training tokens

## ui/overlays/cards.rs

card-training-stopped = Training stopped
card-look-at-what-was-trained = Look at what was trained; Play or Step brings this card back
card-look-at-it-esc = Look at it (Esc)
card-restart-with-these-settings = Restart with these settings
card-go-on-from-the-newest = Go on from the newest save
card-what-was-trained-until-then = What was trained until then is saved
card-go-on-on-the-cpu = Go on on the CPU from step { $step }
card-open-anew-and-go-on = Open { $device } anew and go on from step { $step }
card-start-over-on-the-cpu = Start over on the CPU
card-open-anew-and-start-over = Open { $device } anew and start over
card-going-back-of-steps = Going back: { $done } of { $of } steps
card-give-up-esc = Give up (Esc)
card-step-lies-behind-the-checkpoint = Step { $step } lies behind the checkpoint before it: training there again takes about { $seconds } s.
card-step-lies-steps-behind-the = Step { $step } lies { $steps } steps behind the checkpoint before it: they are trained again. How long that takes is known once this run has trained a step.
card-go-there = Go there
card-stay-here-esc = Stay here (Esc)
card-lane-diverged = Lane { $lane } diverged
card-back-steps-with-a-third = Back { $steps } steps with a third of the learning rate
card-back-to-the-start-with = Back to the start with a third of the learning rate
card-a-fork-at-step-lane = A fork at step { $step }: lane { $lane } goes on with { $smaller } in the place of { $lr }
card-this-run-is-not-saved = This run is not saved, so it cannot be forked; the status bar says why
card-from-step-0-as-it = From step 0, as it is set now

## ui/overlays/gallery.rs

card-each-trains-from-its-first = each trains from its first step when you choose it
card-close-the-gallery-esc = Close the gallery (Esc)
card-copy-link = Copy link
card-copy-a-link-to-this = Copy a link to this story with its settings, step and view (Ctrl+C)
card-back-to-the-story-s = Back to the story's own settings
card-now-playing = now playing

## ui/overlays/shelf.rs

card-no-run-is-saved-yet = No run is saved yet. Every run of this window is, from its first step on.
card-the-mark-cannot-be-written = the mark cannot be written ({ $error })
card-saved-runs = Saved runs
card-the-newest-stay-keep-makes = the newest { $most } stay; Keep makes a run stay for good
card-nothing-is-removed-from-this = nothing is removed from this folder
card-close-the-shelf-esc = Close the shelf (Esc)
card-show-a-beside-b = Show A beside B
card-two-saved-lanes-side-by = Two saved lanes side by side, moved by one playhead; training waits
card-steps-seed = { $step } steps, seed { $seed }
card-forked-from = , forked from { $parent }
card-of-the-codes-used-on = { $name } { $method }: { $share } of the codes used on the full set, MSE { $recon_mse } at step { $step }
card-not-evaluated-yet = { $name } { $method }: not evaluated yet
card-train-on-from-the-newest = Train on from the newest save, in the place of the present run
card-go-on-with-it = Go on with it
card-a-run-that-is-kept = A run that is kept stays, however many come after it
card-lane-to = lane { $lane } to
card-put-lane-of-this-run = Put lane { $lane } of this run into { $name }
card-both-lanes-are-equal = both lanes are equal
card-one-lane-k-d = one lane: K { $size }, d { $dim }
card-go-on-where-it-stopped = Go on where it stopped?
card-the-window-was-closed-without = The window was closed without warning while "{ $title }" was at step { $step }. Everything until there is saved.
card-go-on = Go on
card-the-run-stays-on-the = The run stays on the shelf of saved runs
card-leave-it-esc = Leave it (Esc)

## ui/overlays/building.rs

card-building-since = building since
card-the-next-run-is-being = The next run is being built
card-until-it-is-there-the = Until it is there, the pictures are of the run before.
card-goes-back-to-the-run = Goes back to the run before, where it was left
