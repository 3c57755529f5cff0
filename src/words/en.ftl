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
report-compared = Compared
report-codes = Codes
report-judged = What use says
report-judged-lane = { $lane }: { $judgement }. { $bound }
report-reconstruction = Reconstruction
report-not-counted = not counted
report-step = step { $step }
report-pictures = { $name }: { $number } pictures
report-input = input
report-after-step = after step
report-what = what
report-seed = seed
report-device = device
report-program = program
report-scenario-as-trained = The scenario as it was trained ({ $file })

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
report-points-of-a-cloud = points of a cloud in the plane
report-codes-of-numbers = { $size } codes of { $dim } numbers
report-one-codebook-trained-on = One codebook without networks, { $book }, trained on { $data } for { $steps } steps.
report-one-autoencoder-with-trained-on = One autoencoder with { $book }, trained on { $data } for { $steps } steps.
report-from-the-same-seed-and = from the same seed and on the same batches
report-side-by-side = side by side
report-each-has = Each has { $book }.
report-a-has-b-has-of = A has { $book }, B has { $k } of { $d }.
report-they-began-alike = They began alike
report-they-differ-in-one-setting = They differ in one setting, { $one }; all else is equal
report-they-differ-in-settings-all = They differ in { $number } settings ({ $names }); all else is equal
report-but-for-what-was-changed = , but for what was changed while they trained, which is listed below
report-autoencoders = autoencoders
report-codebooks-without-networks = codebooks without networks
report-two-autoencoders-trained-of-for = Two { $models }, trained { $alike } of { $data } for { $steps } steps: { $a } and { $b }. { $books } { $what }{ $later }.
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
list-semicolon = {"; "}
report-after = {""} after { $step }

## export/report/tables.rs

report-final-figures = Final figures
report-the-full-set-was-last = {""} The full set was last counted after { $step }: the run was stopped before the next time.
report-after-steps-a-tick-marks = After { $steps } steps.{ $early } A tick marks the better of two values. How many codes are in use depends on how many tokens are counted, so their number stands beside it.
report-used-final-count = used, final count { $tokens }
report-perplexity-final-count = perplexity, final count
report-stated-in-the-scenario-before = Stated in the scenario before the run. { $holds }
report-not-here = not here
report-as-the-run-began-settings = As the run began. Settings in which the lanes differ are marked and come first.
report-figure = figure
report-tokens-a-code = tokens a code
report-ceiling = ceiling
report-figure-in = { $name } ({ $unit })
report-expectations = Expectations
report-settings = Settings
report-setting = setting

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
chart-step-millionths = step { $step }: millionths of all use
chart-step-flags = step { $step }: 1 for a code in use
chart-window = window
chart-batch = batch
chart-codebook = codebook
chart-commitment = commitment
chart-reconstruction = reconstruction

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
card-keys = Keys
card-fork = Fork

## ui/overlays/gallery.rs

card-each-trains-from-its-first = each trains from its first step when you choose it
card-covered = titles and endings come back with your guess
card-story-number = Story { $number }
card-close-the-gallery-esc = Close the gallery (Esc)
card-copy-link = Copy link
card-copy-a-link-to-this = Copy a link to this story with its settings, step and view (Ctrl+C)
card-back-to-the-story-s = Back to the story's own settings
card-now-playing = now playing
card-stories = Stories
card-close = Close

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
card-reading = reading…
card-keep = Keep
card-method-then = { $first }, then { $now }

## ui/overlays/building.rs

card-building-since = building since
card-the-next-run-is-being = The next run is being built
card-until-it-is-there-the = Until it is there, the pictures are of the run before.
card-goes-back-to-the-run = Goes back to the run before, where it was left

## ui/panes/curves.rs

curves-terms-of-the-loss-of = Terms of the loss of each batch
curves-how-many-directions-w-stretches = How many directions W stretches, and how many the encoder's outputs fill
curves-uses-of-every-code-as = Uses of every code as a square, by index
curves-how-far-each-code-moved = How far each code moved between two points of the record
curves-births-and-deaths-of-codes = Births and deaths of codes, and what happened at which step
curves-solid-reconstruction-dashed-codebook-and = solid: reconstruction; dashed: codebook and
curves-commitment-which-are-equal-log = commitment, which are equal; log scale
curves-solid-reconstruction-dashed-codebook = solid: reconstruction, dashed: codebook,
curves-dotted-commitment-log-scale = dotted: commitment; log scale
curves-terms-of-the-loss-of-2 = Terms of the loss of each batch, without their weights. Codebook and commitment loss are both the mean of (q - z)²: one pulls codes, the other the encoder.
curves-tab-losses = Losses
curves-tab-spectrum = Spectrum
curves-tab-use = Use
curves-tab-movement = Movement
curves-tab-events = Events

## ui/panes/events.rs

events-codes-born-solid-died-dashed = codes born (solid), died (dashed) in 100 steps
events-codes-born-since-the-file-before = codes born (solid), died (dashed) since the file before
events-nothing-was-flagged-or-changed = Nothing was flagged or changed yet.
events-at-step = step { $step }: { $what }
events-a-click-shows-this-step = A click shows this step.
events-codes = { $codes } codes

## ui/panes/flags.rs

flags-at-step = { $kind } at step { $step }

## ui/panes/headline.rs

headline-cvq-anchors = CVQ anchors
headline-entropy-penalty = entropy penalty
headline-by-angle = by angle
headline-rotated-gradient = rotated gradient
headline-mse-step = {""} · MSE { $mse } (step { $step })
headline-c-learns-w-learns = C learns, W learns
headline-c-learns-w-fixed = C learns, W fixed
headline-c-frozen-w-learns = C frozen, W learns
headline-c-frozen-w-fixed = C frozen, W fixed
headline-nothing-but-a = nothing but a { $grid }
headline-codes-that-wait = { $codes } codes that wait
headline-of-codes-in-use = { $used } of { $codes } codes in use
headline-of-in-use = { $used } of { $codes } in use
headline-no-quantization-until-step = no quantization until step { $last }{ $error }
headline-mark-lane = Mark lane { $lane }
headline-mark-lane-with = Mark lane { $lane }, { $method }: { $used } of { $codes } codes in use, { $share }
headline-warm-up = warm-up
headline-with = { $what }, { $remedies }
headline-of-the-last-training-tokens = of the last { $tokens } training tokens, { $each } a code{ $error }
headline-of-the-last-tokens = of the last { $tokens } tokens, { $each } a code{ $error }
headline-tokens = { $tokens } tokens, { $each } a code{ $error }
headline-tokens-a-code = { $each } tokens a code{ $error }
counted-judged = { $judgement } · { $counted }
counted-no-quantization = nothing is quantized yet
counted-not-saved = an earlier version saved this step and did not count it
counted-not-yet = not counted yet
counted-as = as counted by: { $rule }
counted-title = In use, as counted by
counted-with-share = { $rule }: { $share }
counted-by-the-window = the sliding window of training tokens
counted-by-the-file = the arrays of the file
headline-mse = {""} · MSE { $mse }

## ui/panes/learn.rs

learn-what-learns = What learns
learn-a-new-w-gets = a new W gets
learn-new-gaussian-c-new-w = New Gaussian C, new W and b. A collapsed lane comes back to life.
learn-c-becomes-the-present-codes = C becomes the present codes, W the identity: nothing jumps. A collapsed codebook stays collapsed.
learn-fresh-codes = fresh codes
learn-its-old-codes = its old codes
learn-a-w-of-low-rank = A W of low rank squeezes all codes into a few directions: it cannot leave them where they are.
learn-keys-act-on = Keys act on { $name }
learn-the-keys-w-and-c = The keys W and C act on the marked lane; X marks the other. Click to mark { $name }.
learn-this-lane-has-fixed-codes = This lane has fixed codes, in which nothing can learn. Choose another method below.
learn-plain-vq-each-chosen-code = Plain VQ: each chosen code moves on its own, the others stand still.
learn-simvq-the-codes-c-are = SimVQ: the codes C are frozen, one matrix W (and bias b) moves them all: E = C·W + b.
learn-joint-the-codes-c-and = Joint: the codes C and the matrix W learn together.
learn-a-fixed-codebook-only-encoder = A fixed codebook: only encoder and decoder learn.
learn-a-and-b-are-equal = A and B are equal twins
learn-a-and-b-differ-in = A and B differ in
learn-from-step = { $lane } from step { $step }: { $text }
learn-all-else-is-equal = All else is equal.
learn-all-else-is-equal-but = All else is equal but two layers at the lookup.
learn-all-else-is-equal-but-2 = All else is equal but the layers at the latents.
learn-data-batches-and-the-initial = Data, batches, and the initial encoder and decoder are the same.
learn-at-once = at once
learn-fixed = fixed
learn-w-learns = W learns
learn-w-fixed = W fixed
learn-c-learns = C learns
learn-c-frozen = C frozen
learn-these-project = These project encodings to the lookup, and codes back.
learn-their-widths-differ = Their widths differ.
learn-joint = joint

## ui/panes/cause.rs

map-moved-in-the-last-step = step { $step }, moved in it: { $moved } of { $codes }
map-no-tails = no tails: they are kept up to K·d = 131,072
map-no-w = W: none here, or no matrix
map-w-of-the-circle = W: |W-I| { $away }, |b| { $bias }, effective rank { $rank }
map-cells = cells: the nearest code
map-cells-coarse = cells: every { $step } pixels (from K { $from } on)
map-cells-slice = cells: nearest in all dimensions (a slice)
map-cells-slice-coarse = cells: a slice, every { $step } pixels (from K { $from } on)

## ui/panes/slow.rs

slow-press-right = one step in five stages: press Alt+Right arrow
slow-next-stage = Next stage of the step in lane { $lane }
slow-stage-before = Stage before it in lane { $lane }

## ui/panes/slow_words.rs

slow-stage = { $number } of 5: { $name }
slow-stage-encode = encode
slow-stage-choose = nearest codes
slow-stage-loss = loss
slow-stage-pull-on-c = pull on C
slow-stage-pull-on-w = pull on W
slow-stage-pull-on-both = pull on C and W
slow-stage-pull = pull
slow-stage-after = before and after
slow-encoding = token { $token }: z = { $z }, |z| { $length }
slow-code-at = { $code } at { $distance }
slow-nearest = nearest: { $first }
slow-nearest-then = then { $others }
slow-chosen-by = { $companions ->
    [1] one token
   *[other] { $companions } tokens
 } chose it, the batch { $chosen } of { $all }
slow-loss-of-the-token = token: reconstruction { $recon }, codebook { $codebook }
slow-loss-of-the-batch = batch: reconstruction { $recon }, codebook { $codebook }
slow-pull-on-code = pull on code { $code }: |∂L/∂e| { $pull }
slow-pull-on-w = |∂L/∂W| { $w }
slow-pull-on-w-and-b = |∂L/∂W| { $w }, |∂L/∂b| { $b }
slow-through-w = from { $chosen } chosen codes through W to all { $all }
slow-not-pulled = { $still } of { $all } codes: chosen by nobody, no pull
slow-no-pull = no code learns here: no pull
slow-mean = no gradient: code { $code } goes towards the mean of { $companions ->
    [1] its token
   *[other] its { $companions } tokens
 }
slow-before = before
slow-after = after
slow-code-went = it went { $way }, unchosen { $other } (arrows ×{ $times })
slow-code-went-that-far = it went { $way }, unchosen { $other }
slow-few-codes = from K { $from } on the lens shows the codes of this step alone

## ui/panes/map.rs

map-code-moved-chosen = moved in the last step, chosen in it
map-code-moved-shared = moved in the last step, because all codes share W
map-code-moved-carried = moved in the last step by what is left of earlier pulls
map-code-stood-still = stood still in the last step
map-code-chosen-ago = { $steps ->
    [1] chosen one step ago
   *[other] chosen { $steps } steps ago
 }
map-code-never-chosen = never chosen
map-code = code { $code }
map-token = token { $token } of those on the map, quantized to { $code }
map-moved = moved { $distance } in { $steps } steps

map-warming-up = warming up…
map-compiling-kernels = compiling the step's kernels: batch, layers, search, losses, gradients, Adam…
map-waiting-for-the-first-file = waiting for the first file
map-double-click-for-all = ×{ $zoom }, double click for all
map-diverged-at-step-the-loss = diverged at step { $step }: the loss is not a finite number. This is its last finite state.
map-code-of-tokens = code { $code }: { $life }, { $uses } of { $tokens } tokens
map-code-of-shares = code { $code }: { $life }, { $share } of all use
map-code-of-flags = code { $code }: { $life }
map-code-of-the-last-training = code { $code }: { $life }, { $uses } of the last { $tokens } training tokens
map-zoom = ×{ $zoom }

## ui/panes/movement.rs

movement-takes-two-points = No movement yet: it lies between two points of the record.
movement-movement-takes-two-files = Movement takes two files.
movement-of-the-codes-moved-more = { $share } % of the codes moved more than { $distance }
movement-distance-moved-log-scale-fastest = distance moved (log scale), fastest codes first
movement-of-the-codes-moved-in = { $name }{ $share } of the codes moved in { $steps } steps

## ui/panes/playhead.rs

playhead-back-to-the-live-run = Back to the live run
playhead-follow-the-run-again-end = Follow the run again (End)
playhead-train-on-from-this-step = Train on from this step as a run of its own, beside the curves of this one (F)
playhead-this-run-is-not-saved = This run is not saved, so it cannot be forked; the status bar says why
playhead-fork-here = Fork here
playhead-play-back = Play back
playhead-play-the-recording-from-here = Play the recording from here (P); drag with Shift on the timeline to loop a part
playhead-pace-of-the-playback-in = Pace of the playback in recorded steps a second: drag, or click and type
playhead-live-steps = live +{ $steps } steps
playhead-saved-runs-at-step = saved runs at step
playhead-pinned-at-step = pinned at step
playhead-live = Live
playhead-stop = Stop
pace-suffix = {""} steps/s
playhead-of = of { $steps }

## ui/panes/recon.rs

recon-samples-are-points = The samples are points of the plane: the maps show them, and a reconstruction is the code itself.
recon-reconstructions-of-held-out-images = Reconstructions of held-out images{ $of }
recon-mse-a-pixel-over-the = MSE a pixel over the full set of { $tokens } tokens, of { $step }
recon-mse-a-pixel-over-the-2 = MSE a pixel over the full set, of { $step }
recon-mse-of = MSE of { $step }
recon-reconstructions = Reconstructions{ $of }
of-step = , step { $step }
recon-lane-step = { $lane } step { $step }
recon-mse = MSE { $mse }

## ui/panes/status.rs

status-memory-of-this-program = Memory of this program
status-the-device-that-trains-and = The device that trains, and why
status-the-files-and-who-writes = The files, and who writes them
status-what-draws-the-window-and = What draws the window, and why
status-curves-are-bounded-when-a = Curves are bounded: when a series is full, neighbours merge into their minimum, mean and maximum.
status-curves-thinned-to-steps-a = curves thinned to { $width } steps a point
status-checkpoints-to-fork-from-in = Checkpoints to fork from: { $number }, in up to { $room } MB of this folder. When the room is full every second one goes.
status-saved-as = saved as { $folder }
status-not-saved = not saved
status-every-steps = , every { $steps } steps
status-pictures-of-mb = pictures { $megabytes } of { $budget } MB{ $thinned }
status-kept-pictures-of-all-views = Kept pictures of all views, for the timeline. When the room is full every second one goes; those around changes and flags stay while they take less than half of it.
status-frames-s = { $frames } frames/s
status-click-to-close = (click to close)
status-seed = seed { $seed }

## ui/panes/tools.rs

tools-uses-in-the-sliding-window = Uses in the sliding window of training tokens
tools-uses-on-the-full-evaluation = Uses on the full evaluation set
tools-full-set = full set
tools-most-used-codes-first = Most used codes first
tools-by-index = by index
tools-codes-in-their-order-in = Codes in their order in the codebook
tools-logarithmic-bars = Logarithmic bars
tools-pca-of-each-lane-s = PCA of each lane's own codes, turned so that the axes stay still
tools-keep-the-axes-of-this = Keep the axes of this moment
tools-one-pca-over-the-codes = One PCA over the codes of both lanes
tools-encoder-outputs = encoder outputs
tools-never-used = never used
tools-not-in-use = not in use
tools-fell-out = fell out
tools-codes-in-use = codes in use
tools-in-use = in use
tools-axes = Axes: { $mode }
tools-axes-live = live
tools-axes-fixed = fixed
tools-axes-shared = shared
tools-how-the-axes-of-the-maps = How the axes of the maps are chosen
tools-window = window
tools-sorted = sorted
tools-log = log
tools-bars = Bars: { $how }
tools-what-the-bars-count = What the bars below the maps count, and in which order they stand
tools-outputs = outputs
tools-code = code

## ui/panes/top.rs

top-saved-runs-go-on-with = Saved runs: go on with one, or look at two side by side (O)
top-list-of-keys = List of keys (?)
top-show-curves-and-numbers-at = Show curves and numbers at the right
top-show-the-controls-at-the = Show the controls at the left
top-the-story-as-it-was = the story as it was written
top-the-story-with-seed = the story with seed { $seed }
top-changed-by-hand = changed by hand
top-play-or-pause-space = Play or pause (Space)
top-train-one-step-right-arrow = Train one step (right arrow)
top-the-story-anew-as-it = The story anew as it was written (R), with the next seed (Shift+R), or with the settings of the controls (Ctrl+R)
top-step-of = step { $step } of { $steps }
top-going-to-step-space-stops = going to step { $step } (Space stops)
top-building-the-run = building the run…
top-warming-up = warming up…
top-compiling-kernels = compiling kernels…
top-end-of-the-story-play = end of the story: Play goes on
top-every-lane-diverged = every lane diverged
top-going-back-of-esc-gives = going back: { $done } of { $of } (Esc gives up)
top-asked-getting-steps-s = asked { $asked }, getting { $rate } steps/s
top-steps-a-second = steps a second
top-view = View
top-light = Light
top-dark = Dark
top-as-the-system = As the system
top-size = Size
top-everything-smaller = Everything smaller (Ctrl and minus)
top-everything-as-usual = Everything as usual (Ctrl+0)
top-everything-larger = Everything larger (Ctrl and plus)
top-high-contrast = High contrast
top-black-and-white = Black on white or white on black, with stronger lines
top-less-motion = Less motion
top-what-opens-and-scrolls = What opens, closes and scrolls is there at once; training moves as before
top-full-screen = Full screen (F11)
top-light-or-dark = Light or dark, contrast, how large everything is, and motion
top-runs = Runs
top-keys = Keys ?
top-numbers = Numbers
top-controls = Controls
top-all-stories = All stories, as cards (G)
top-pause = Pause
top-play = Play
top-step = Step
top-restart = Restart
top-max = max
top-pace-key = { $pace } (key { $key })
top-steps-s = steps/s
top-stopped = stopped
top-paused = paused
top-watching = watching
top-training = training
top-rate = { $rate } steps/s

## ui/panes/usage.rs

usage-tokens-counted = { $tokens } tokens counted
usage-last-training-tokens = last { $tokens } training tokens
usage-full-set-of-tokens = full set of { $tokens } tokens
usage-no-quantization-until-step = no quantization until step { $last }
usage-counted-after-the-first-step = counted after the first step
usage-most-used-first = most used first
usage-by-index = by index
usage-codes-uses-in-the = { $codes } codes, { $order } · uses in the { $source }{ $of }
usage-codes-uses-in-the-2 = { $codes } codes · uses in the { $source }{ $of }
usage-fair-share = fair share { $fair_text }
usage-codes = { $codes } codes{ $of }
usage-ceiling = ceiling { $share }
usage-shares = shares of all use
usage-flags = in use or not

## ui/panes/use_map.rs

use-map-one-square-a-code-by = one square a code, by index; brighter: more uses (log)
use-map-codes-a-pixel-log-uses = { $each } codes a pixel, log uses{ $way_out }
use-map-use-map = use map
use-map-code-uses = code { $code }: { $uses } uses
use-map-tokens-a-code = { $tokens } tokens a code
use-map-e-enlarges = ; E enlarges

## ui/panes/watched.rs

watched-waiting-for-the-first-file = Waiting for the first file with a codebook (.safetensors, .npz, .npy, .pt or .ckpt) in { $story }.
watched-no-file-yet = no file yet
watched-age = watching · { $age } old
watched-age-hint = The newest file was written { $age } ago.
watched-no-answer = no answer for { $age }
watched-no-answer-hint = { $name } is being read and has not come back for { $age }: what is shown was read before. The window can be closed meanwhile.
watched-1-file-cannot-be-used = 1 file cannot be used
watched-files-cannot-be-used = { $n } files cannot be used
watched-of-codes-used = { $used } of { $size } codes used
watched-by-tokens-a-code = by { $tokens } tokens, { $size } a code
watched-codes-used = codes used
watched-share-of-the-codes-with = Share of the codes with a count of at least one.
watched-codes-not-in-use = codes not in use
watched-k-minus-the-codes-with = K minus the codes with a count of at least one. Whether one was in use before the file's tokens were counted, the file does not tell.
watched-tokens-counted = tokens counted
watched-sum-of-the-counts-of = Sum of the counts of all codes.
watched-number-of-equally-used-codes = Number of equally used codes that would be as hard to guess: exp of the entropy of use.
watched-quantization-error = quantization error
watched-squared-distance-of-the-file = Squared distance of the file's latents to their nearest codes, relative to the variance of the latents.
watched-effective-rank-of-w = effective rank of W
watched-exp-of-the-entropy-of = exp of the entropy of the normalized singular values (Roy and Vetterli 2007).
watched-rule-seen = in use: all tokens
watched-rule-newest = in use: last 65,536
watched-rule-average = in use: average
watched-rule-batch = in use: 1 % of fair
watched-rule-distinct = in use: one batch
watched-rule-not-told = The file does not tell it: it holds no array that this meaning counts.
watched-flag-and-file = { $flag }. { $file }
watched-no-counts = no usage counts in these files
watched-files = { $n } files
watched-1-file = 1 file
watched-codes-cw = codes C·W + b
watched-codebook = codebook
watched-perplexity = perplexity

## ui/panes/controls.rs

controls-patches-of-photographs = 8x8 patches of photographs, one token each.
controls-handwritten-digits = Handwritten digits, 8x8, four tokens each.
controls-articles-of-clothing = Fashion-MNIST: articles of clothing, 28x28, sixteen tokens each.
controls-points-of-the-plane = Points of the plane, two numbers each, one token each: a cloud that moves or is dragged.
controls-settings-of = Settings of
controls-learning-rate = learning rate
controls-batch-tokens = batch tokens
controls-uniform-between-1-k-and = Uniform between -1/K and 1/K, as in the first VQ-VAE codes
controls-normal-with-the-standard-deviation = Normal with the standard deviation below
controls-k-means-of-the-first = k-means of the first encodings; after a warm-up, of those then
controls-k-means-of-the-images = k-means of the images themselves, scaled like a normal start
controls-only-a-normal-start-or = Only a normal start, or one from features, has a standard deviation.
controls-std-of-c = std of C
controls-restart-with-these-settings = Restart with these settings
controls-from-step-0-so-that = From step 0, so that what is tagged "restart" acts (Ctrl+R)
controls-from-step-0-with-everything = From step 0, with everything as it is set here (Ctrl+R)
controls-both = both
controls-normal = normal
controls-features = features

## ui/panes/method.rs

method-this-lane-has-fixed-codes = This lane has fixed codes: nothing moves them, or draws them.
method-encodings-are-quantized-from-the = Encodings are quantized from the first step on
method-the-autoencoder-trains-without-quantization = The autoencoder trains without quantization for { $steps } steps
method-a-grid-has-no-use = A grid has no use for it: nothing is left to spread.
method-c-does-not-learn-by = C does not learn by a gradient here
method-rate-of-c = rate of C
method-nothing-here-keeps-moving-averages = Nothing here keeps moving averages: codes move by a gradient, without upkeep.
method-nothing-revives-codes-here = Nothing revives codes here
method-revive-below = revive below
method-codes-move-by = codes move by
method-to-the-encoder = to the encoder
method-entropy-penalty = entropy penalty
method-form-of-w = form of W
method-any-matrix-turns-stretches-and = Any matrix: turns, stretches and mirrors (SimVQ)
method-stretches-each-axis-on-its = Stretches each axis on its own, cannot turn
method-low-rank = low rank
method-squeezes-all-codes-into-a = Squeezes all codes into a few directions
method-a-perceptron-in-the-place = A perceptron in the place of W: it can bend the codes
method-rank-of-w = rank of W
method-the-code-at-the-least = The code at the least Euclidean distance
method-encodings-and-codes-have-length = Encodings and codes have length 1: the angle decides
method-nearest-by = nearest by
method-to-numbers = to { $width } numbers
method-two-linear-layers-project-encodings = Two linear layers project encodings before the lookup, and codes back after it
method-encodings-are-looked-up-as = Encodings are looked up as they are
method-no-grid = no grid
method-the-codes-of-this-lane = The codes of this lane are no grid; FSQ and LFQ among the methods have one.
method-fixed-codes = fixed codes
method-sets-every-switch-below-what = Sets every switch below, what learns and the initial codes: at the next step where all of it can be switched live, otherwise at the next restart.
method-a-published-method-is-a = A published method is a setting of these switches
method-each-switch-by-itself-a = each switch by itself; a method sets all of them
method-cvq = CVQ
method-bias = bias
method-no = no
method-grid-codes = { $grid }: { $codes } codes
method-changed = { $preset }, changed
method-choose = choose…
method-unlike = unlike { $preset }: { $left }

## ui/panes/spectrum.rs

spectrum-no-spectrum-neither-w-nor = No spectrum: neither W nor latents are here.
spectrum-lines-std-on-principal-axes = lines: std on principal axes, outputs; dashed: codes
spectrum-bars-singular-values-of-w = bars: singular values of W, largest first
spectrum-no-w-in-this-file = no W in this file
spectrum-no-latents = { $w }; no latents
spectrum-effective-rank-of-w-of = effective rank of W { $rank } of { $d }
spectrum-fixed-codes-no-w = fixed codes, no W
spectrum-a-perceptron-in-the-place = a perceptron in the place of W
spectrum-w-is-fixed-at-the = W is fixed at the identity
spectrum-sigma-of-w = σ{ $number } of W = { $value }

## ui/panes/timeline.rs

timeline-above-utilization = above: utilization
timeline-above-utilization-training-tokens-a = above: utilization, ≤ { $tokens } training tokens a code
timeline-utilization-training-tokens-a = utilization, ≤ { $tokens } training tokens a code
timeline-above-utilization-as-counted-in = above: utilization, as counted in each file
timeline-above-utilization-by = above: utilization, { $rule }
timeline-below-their-perplexity-log-scale = below: their perplexity, log scale
timeline-below-mse-on-the-full = below: MSE on the full set at the dots (thin: of each batch), log scale
timeline-not-reached-yet = {""} (not reached yet)
timeline-used-perplexity = : { $share } used, perplexity { $perplexity }
timeline-no-quantization-yet = no quantization yet
timeline-window-full-set = window { $window }, full set { $full }
timeline-full-set-of-step = {""} (full set of step { $last })
timeline-mean-of-steps = {""} (mean of { $width } steps)
timeline-lane-figures = { $lane }: batch MSE { $batch }; { $used }, MSE { $full }{ $of }
timeline-metric = , { $name } { $value }
timeline-window-and-full-set = window: up to { $window } tokens a code; full set: { $full }

## ui/panes/numbers.rs

numbers-full-set-of = full set: of { $step }
numbers-file = file
numbers-with-equal-codes = { $tokens } tokens are { $each } a code; with every code equally likely they would use { $share } (1-(1-1/K)^N).

## ui/state/transport.rs

notice-the-story-starts-anew-as = the story starts anew as it was written; Ctrl+Z brings your settings back

## ui/state/undo.rs

notice-nothing-was-changed-that-could = nothing was changed that could be undone
notice-done-again = done again
notice-nothing-was-undone-that-could = nothing was undone that could be done again
notice-it-acts-at-the-next = ; it acts at the next restart
notice-the-codes-are-not-those = ; the codes are not those of before, which a fork of an earlier step (F) has
notice-and-more = ; and { $changed } more
notice-undone = undone
notice-was = { $now }, was { $before }

## ui/widgets

fields-acts-at-the-next-step = Acts at the next step
fields-acts-at-the-next-restart = Acts at the next restart; moving it changes nothing before

## ui/panes/spoken.rs

spoken-lane = lane { $lane }
spoken-the-file = the file
spoken-map = Code map of { $lane }: { $used } of { $codes } codes in use, { $fallen } fell out of use, { $never } never were; { $outputs } encoder outputs
spoken-map-of-a-file = Code map of { $lane }: { $used } of { $codes } codes in use; { $outputs } encoder outputs
spoken-map-of-codes-alone = Code map of { $lane }: { $codes } codes, of which no use is counted; { $outputs } encoder outputs
spoken-bars = Uses of the codes of { $lane }: { $used } of { $codes } codes were chosen by { $tokens } tokens, the most used one { $most } times
spoken-bars-of-shares = Shares of use of the codes of { $lane }: { $used } of { $codes } codes are in use, the most used one has { $most }
spoken-bars-of-flags = Codes of { $lane } that are marked as used: { $used } of { $codes }
spoken-bars-of-nothing = Uses of the codes of { $lane }: nothing is counted yet
spoken-caption = Caption: { $text }
spoken-headline = Lane { $lane }, { $method }: { $share }, { $counted }
spoken-headline-of-nothing = Lane { $lane }, { $method }: nothing is counted yet
spoken-notes = Notes: { $text }
spoken-no-note = Notes: none for this beat
spoken-progress = Progress of the story: step { $step } of { $steps }, { $told } of { $beats } beats told
spoken-slow = One step slowly in lane { $lane }, stage { $stage }: { $lines }
spoken-recon = Reconstructions of { $number } held-out images: { $errors }
spoken-error = lane { $lane } MSE { $mse }
spoken-timeline = Timeline, step { $step } of { $steps }: { $lanes }
spoken-newest = lane { $lane } { $used } of the codes in use, MSE { $mse }
spoken-newest-of-a-file = { $used } of the codes used, perplexity { $perplexity }
spoken-number = { $name }: { $figures }

## ui/panes/help.rs

setting-method = method
setting-commitment = commitment β
setting-codes = codes K
setting-width = width d
setting-initial = initial C
setting-upkeep = upkeep
setting-decay = decay
setting-projected = projected
setting-warm-up = warm-up
setting-data = data
setting-seed = seed
help-method = A published method sets every switch below, what learns, and where the codes start. What is changed afterwards stands beside its name.
help-learning-rate = How far Adam moves weights and codes in a step, η in θ ← θ - η m̂ / (√v̂ + ε). Too large a rate drives encodings away from their codes faster than the codes can follow.
help-commitment = Weight of the loss that pulls encodings to their codes, β in L = |x̂ - x|² + |sg(z) - q|² + β |z - sg(q)|². Without it encodings may run away from the codebook; with too much of it the encoder stops learning.
help-codes = How many codes there are to choose from, K; a token carries at most log₂ K bits. With plain VQ more codes mean more dead ones, with SimVQ a lower error.
help-width = How many numbers a code and an encoding have, d. Each token costs K·d multiplications, and in a high dimension fewer codes are the nearest to anything.
help-initial = Where the codes C start, before the first step. Codes that begin in a clump beside the encodings are seldom the nearest to one, so that most never learn.
help-std = Standard deviation σ of the numbers in C at the start, C ~ N(0, σ²). It fits where it is about as large as the spread of the encodings.
help-fixed-codes = A grid in the place of a codebook: each of d numbers is rounded to one of L levels, K = L₁·L₂·…·L_d. Nothing learns, so that nothing can collapse; the encoder has to fill the grid.
help-batch = How many tokens N choose a code in a step. A code that is used as often as any other is missed by a whole batch with probability (1 - 1/K)^N.
help-update = Either the gradient of |sg(z) - e|² moves a code, or the code is the moving average of the encodings that chose it, e = m / n. Both move the codes that were chosen, and no other.
help-upkeep = What is done for codes that nobody chooses: nothing, a jump to a random encoding (revival), or a glide to the nearest one (CVQ). It acts in every step, on codes whose average use is low.
help-decay = How much of a moving average stays in a step, γ in n ← γ n + (1 - γ) n_batch. It remembers about 1 / (1 - γ) batches.
help-revive-below = Below which part of its fair share N/K the average use of a code has to fall until it is revived. A larger part revives more codes, and more often some that were in use.
help-estimator = No gradient passes the choice of a code, so that the encoder gets that of the code: as it is, ∂L/∂z = ∂L/∂q (straight-through), or turned and scaled as z lies to q. Turned, encodings of one cell are pushed apart or together instead of all alike.
help-entropy = Weight λ of a loss that wants each choice to be sure and all codes to be used, λ (E[H(p)] - H(E[p])). The encoder serves it as well as the picture, so that much of it costs error.
help-code-rate = Learning rate of C as a share of the lane's own, η_C = share · η. With W learning it says how much of the movement is left to single codes.
help-transform = Which matrices W may be in E = C·W + b, and whether there is a b. All codes share them, so that one chosen code moves all of them.
help-lookup = What "nearest" means: the least distance, argmin |z - e|², or the least angle, argmax z·e / (|z| |e|). By the angle, codes and encodings lie on a sphere, and lengths do not count.
help-projected = A linear layer takes encodings to fewer numbers before the lookup, and another one takes the code back. In fewer dimensions more codes are the nearest to something.
help-warm-up = For so many steps the autoencoder trains without quantization, q = z. The codes then start from encodings that have settled.
help-data = The images that both lanes train on, cut into tokens. What is evaluated and shown shares no pixel with them.
help-seed = Where all random numbers of the run come from: weights, codes and the order of the data. The same seed on the same device gives the same run, bit by bit.

## ui/state/playback.rs

notice-this-run-is-not-saved = this run is not saved, so it cannot be forked; the status bar says why

## ui/state/shelf.rs

notice-no-thread-could-be-started = no thread could be started to read
notice-the-list-could-not-be = the list could not be read
notice-runs-of-this-window-are = runs of this window are not saved

## ui/input/pictures.rs

notice-copied-a-picture-of-the = copied a picture of the window, { $width } x { $height } pixels
notice-no-panel-is-under-the = no panel is under the pointer; point at one, or save the window with Shift+S
notice-no-picture-was-saved-no = no picture was saved: no thread could be started ({ $error })
notice-no-picture-was-saved-it = no picture was saved: it came back cut off; try again
notice-no-picture-was-saved-try = no picture was saved ({ $why }); try again
notice-saved-x-pixels = saved { $file }, { $width } x { $height } pixels
notice-cannot-be-written-start-vqscope = { $file } cannot be written ({ $error }); start vqscope in a folder of your own
notice-there-are-pictures-already-move = there are { $most } pictures { $name } already; move them to another folder first

## ui/input/commands/run.rs

notice-no-panel-is-under-the-2 = no panel is under the pointer; point at one and press E
notice-no-pane-that-can-be = no pane that can be hidden is under the pointer; point at one and press H
notice-everything-at-percent = everything is shown at { $percent } %; Ctrl+0 for 100 %

## Questions of a story

lesson-choice-right = You guessed “{ $guess }”, and it is { $truth }: right.
lesson-choice-wrong = You guessed “{ $guess }”; it is { $truth }.
lesson-number-exact = { $lane }: you guessed { $guess }, and it is.
lesson-number = { $lane }: you guessed { $guess }, it is { $truth }.
lesson-guess-first = Guess first, or go on without a guess with Space.
top-waits-for-your-guess = waits for a guess; Space skips it
top-waits-for-you = waits for you; Space skips it
top-waits-for-the-reader = a moment to read; Space goes on
lesson-guess = Guess
lesson-guess-hint = This is my guess (Enter)
lesson-skip = Go on without (Space)
lesson-skip-hint = Training goes on; this question is left out
lesson-hands = { $hands } hands
lesson-draw = Draw with the mouse over the empty chart of the timeline below: how will it go?
lesson-curve-of = curve of { $lane }
lesson-again = Draw it anew
lesson-look-at-step = Look at step { $step }
lesson-put-away = Put away (Esc)
lesson-draw-here = draw here how it will go
lesson-beat-ahead = the story goes on at step { $step }
lesson-end = The end of the story
lesson-right = { $right } of { $of } guesses were right
lesson-surprise = The surprise: { $sentence }
lesson-next-story = Next: { $title }
lesson-covered = covered until the guess is in
lesson-question-waits = A question waits
lesson-your-guess = your guess

## Handouts

handout-title = What do you expect?
handout-guess-first = Guess before you open an answer.
handout-drawn = What was drawn before the room
handout-drawn-at = step { $step }
handout-answer = Answer
handout-report = The report of the run, with all answers
handout-not-reached = { $lane }: the run ended before step { $step }.
handout-choice-is = { $lane }: { $choice } ({ $truth } at step { $step }).
handout-it-is = { $lane }: { $truth } at step { $step }.

## The palette of commands

palette-hint = a command, or a setting such as lr 0.01, b init kmeans, method fsq
palette-nothing = nothing by these letters
palette-of-lane = of { $lane }
palette-of-both = of both lanes
palette-set = { $name } = { $value } { $of }
palette-setting = { $name } ({ $key })
palette-range = { $low } to { $high }
palette-above = above { $low }, up to { $high }
palette-below = { $low } to less than { $high }
palette-from = from { $low } on
palette-and-more = { $values } and { $count } more
palette-live = at the next step
palette-restarts = restarts the run
palette-no-other = as it is
palette-refused = This cannot be set:

## The presenter

present-codes-in-use = { $used } of { $size } codes in use
present-last-tokens = last { $tokens } tokens
present-not-there-yet = The story is not there yet.
present-no-such-beat = The story has no beat of that number.
present-question-ahead = a question at step { $step }
present-go-to = go to beat { $digits }
present-guess = guess { $digits }
present-hands = hands for answer { $choice }: { $digits }
present-hands-so-far = hands: { $hands }
present-in-time = in time
present-hurry = hurry
present-slow-down = there is time
present-left = { $time } left
present-next = Next
present-speaker-window = vqscope - speaker
present-key-space = play or pause; go on without a guess
present-key-next = go on with the story
present-key-back = the text before
present-key-w = give lane A a matrix W, or take it away
present-key-stages = the next stage of one step, shown slowly, and the one before; Esc puts it away
present-key-back-to-story = back to the story: as it is written, from where it was changed
present-is-as-written = nothing was changed: this is the story as it is written
present-play = Play
present-pause = Pause
present-beat-before = Beat before
present-beat-next = Next beat
present-back-to-story = Back to the story
present-black = Black
present-minutes = minutes in all
present-clock-again = Clock from 0:00
present-key-choose = choose an answer
present-key-number = a number as a guess
present-key-hands = count hands: a number and Enter for each answer
present-key-freeze = freeze the picture; training goes on
present-key-zoom = enlarge at the pointer
present-key-draw = pen; dot
present-key-wipe = wipe what was drawn
present-key-black = black screen
present-key-go-to = go to a beat that was told, by its number; all beats
present-key-notes = notes in a window of their own, below, or none
present-key-projector = other theme; high contrast; more contrast (Shift+C less); brighter; darker
present-key-palette = any command or setting
present-key-leave = leave
top-stories-are-told-as = stories are told as
top-film = a film
top-film-hint = Waits for nobody; questions stand for a while and are then answered by the run
top-lecture = a lecture
top-lecture-hint = Training waits for guesses and until a text can have been read
top-free = they run
top-free-hint = Training waits for nothing and nothing is asked
top-present = Present (F5)
lesson-it-is = { $lane }: it is { $truth }.

## record/event/told.rs

list-separator = {", "}
event-of-lane = { $lanes }: { $what }
event-two-lanes = { $a } and { $b }
event-before = before: { $what }
event-quantization-begins = quantization begins
event-axes-live = axes: each lane's own, aligned live
event-axes-fixed = axes: fixed as they are now
event-axes-shared = axes: shared by both lanes
event-collapse = { $lane } has collapsed: for { $steps } steps less than { $bound } % of its codes are in use, { $now } % of { $size } now
event-recovery = { $lane } has recovered: for { $steps } steps at least { $bound } % of its codes are in use, { $now } % of { $size } now
event-saturation = { $lane } is saturated: for { $steps } steps at least { $bound } % of its codes are in use, { $now } % of { $size } now
event-collapse-of-files = The codebook has collapsed: in { $files } files in a row less than { $bound } % of its codes are in use, { $now } % of { $size } now
event-recovery-of-files = The codebook has recovered: in { $files } files in a row at least { $bound } % of its codes are in use, { $now } % of { $size } now
event-saturation-of-files = The codebook is saturated: in { $files } files in a row at least { $bound } % of its codes are in use, { $now } % of { $size } now
event-runaway-of-files = The encoder runs away: the RMS norm of the file's latents is { $norm }, { $growth } times that of step { $since }
event-runaway = { $lane }'s encoder runs away: the RMS norm of its encodings is { $norm }, { $growth } times that of step { $since }
event-learns-nothing = { $lane } learns nothing: its MSE is { $error }, and the mean picture of the training set alone has { $mean }
event-diverged = { $lane } diverged at step { $step }: { $broken }; the learning rate was { $lr }
event-diverged-after-norm = { $lane } diverged at step { $step }: { $broken }; the learning rate was { $lr }; the greatest RMS norm of the encodings was { $norm } at step { $at }
event-is-infinite = { $term } is infinite
event-is-not-a-number = { $term } is not a number
event-sum-of-the-loss = the sum of the loss
event-reconstruction-loss = the reconstruction loss
event-codebook-loss = the codebook loss
event-commitment-loss = the commitment loss
event-older = { $file } was written before { $newer }: it is of the run before
event-entropy-penalty = the entropy penalty

## record/event/reading.rs

reading-use = { $judgement }: { $used } of { $size } codes in use, { $how }.
reading-use-alone = { $used } of { $size } codes in use, { $how }.
reading-no-use = Which of the { $size } codes are in use is not known: { $how }.
reading-space = {" "}
reading-file = Width { $dim }, { $file }.
reading-file-level = Level { $level } of 0 to { $last }, width { $dim }, { $file }.
lookup-l2 = l2
lookup-cosine = cosine
lookup-dot = dot product
lookup-logits = logits
lookup-assumed = { $lookup } (assumed; --lookup says it)
counts-in-file = as counted in { $array }
counts-averages = by the moving averages { $array }
counts-averages-replaced = by the moving averages { $array }, of which { $replaced } are codes put in the place of dead ones
counts-flags = by the flags { $array }
counts-indices = by the newest { $n } indices in { $array }
counts-here = by its { $latents } latents, each at its code by { $lookup }
counts-here-sample = by { $latents } of its { $of } latents, an even sample, each at its code by { $lookup }
counts-never = { $array } is { $value } for every code, so it was never counted, and there are no latents to count
counts-no-number = { $array } holds a finite number for no code
counts-no-indices = { $n } of { $of } numbers in { $array } are not whole numbers from 0, so they are not counted as indices
counts-no-code = no code is finite, so latents choose none
counts-logits = codes are chosen by a linear layer, so latents do not tell it
counts-unknown = no counts, and no latents that can be counted, are in this file
note-turned = The file holds one code a column; it was turned.
note-fewer-codes-than-width = There are fewer codes than numbers in one; --transpose turns them.
note-copy-left-aside = A second copy of the model in the file was left aside.
note-relu = Its perceptron is computed with ReLU between the layers.
note-before-map = A network over the codes is not computed here, so they are shown as they are before it.
note-usage-by-shape = The array of use was chosen by its shape alone; --usage names another one.
note-all-equal = All codes are equal.
note-young = The averages still hold what they started with, which was taken off.
note-comb = Indices beyond 256 are all even, as bfloat16 leaves them: every other code looks unused because it cannot be written.
note-beyond = Some indices are beyond the last code and were left out.
note-other-scale = Codes and latents differ in length more than a thousand times.
note-two-groups = The array holds two groups one after the other, as wav2vec 2.0 has them.
note-beside-each-other = Some of its codebooks stand beside each other: each is given all latents, and leaves nothing over for the next.
note-not-passed-on = What the levels before it leave over of the latents is not known.
note-latents-aside = Its latents are { $width } wide where these codes are { $dim }, so they are left aside.
note-latents-not-finite = { $n } of { $of } latents are not finite and were left out.
note-not-indices = { $n } of { $of } indices are not whole numbers from 0 and were left out.
note-use-not-finite = Of { $n } codes the use is not finite, so it is not known; they are not counted as in use.
note-map-not-finite = Codes that are finite in the file are not after what it maps them with.

## record/judgement.rs

judgement-total-collapse = Total collapse
judgement-too-few-tokens = Too few tokens to tell (so many can show { $share } at most)
judgement-all-that-can-show = All that so many tokens can show
judgement-even = Even use
judgement-uneven = Uneven use
judgement-concentrated = Concentrated use
judgement-name-total-collapse = total collapse
judgement-name-too-few-tokens = too few tokens
judgement-name-all-that-can-show = all that can show
judgement-name-even = even
judgement-name-uneven = uneven
judgement-name-concentrated = concentrated
judgement-few-of-small = { $used } of { $size } codes is less than { $share } of the { $ceiling } that so many tokens can show; of so few codes that raises no flag.
judgement-bound-total-collapse = 1 code is in use.
judgement-bound-too-few-tokens = Fewer than 10 tokens a code were counted.
judgement-bound-all-that-can-show = Codes in use are at least 99 % of what so many tokens can show of equally likely codes.
judgement-bound-even = Perplexity is at least K/4.
judgement-bound-uneven = Perplexity is at least K/20, and less than K/4.
judgement-bound-concentrated = Perplexity is less than K/20.
rule-seen = chosen at least once by all counted tokens
rule-newest = distinct among the newest 65,536 tokens
rule-average = moving average of batches of at least 0.08·N/K
rule-batch = at least 0.01·N/K of one batch
rule-distinct = chosen at least once by one batch

## record/event/mod.rs

event-kind-change = change
event-kind-view = view
event-kind-caption = caption
event-kind-diverged = diverged
event-kind-collapse = collapse
event-kind-recovery = recovery
event-kind-saturation = saturation
event-kind-runaway = runaway
event-kind-learns-nothing = learns nothing
event-kind-unreadable = unreadable

## scenario/setting.rs

setting-made-lr = learning rate { $value }
setting-made-beta = commitment weight { $value }
setting-made-fresh = { $method }, fresh codebook
setting-made-kept = { $method }, codebook kept
setting-made-by-gradient = codes move by gradient
setting-made-as-averages = codes move as averages
setting-made-upkeep = upkeep { $value }
setting-made-decay = decay of the averages { $value }
setting-made-revive-below = revival below ×{ $value } of the fair share
setting-made-entropy = entropy penalty ×{ $value }
setting-made-estimator = gradient to the encoder { $value }
setting-made-c-lr = rate of C ×{ $value }
setting-codes-move-by = codes move by
setting-revival-below = revival below
setting-entropy = entropy
setting-to-the-encoder = to the encoder
setting-rate-of-c = rate of C
setting-none = none
setting-cloud-x = cloud to the right
setting-made-cloud-x = cloud { $value } to the right of its way
setting-cloud-y = cloud upwards
setting-made-cloud-y = cloud { $value } above its way
setting-cloud-angle = cloud turned
setting-made-cloud-angle = cloud turned by { $value }°
setting-cloud-scale = cloud scaled
setting-made-cloud-scale = cloud scaled ×{ $value }

## scenario/method.rs

method-gradient = gradient
method-averages = averages
method-revival = revival
method-cvq-anchors = CVQ anchors
method-straight = straight
method-rotated = rotated
method-joint = joint
method-fixed-codebook = fixed codebook
method-grid = grid { $levels }
method-signs = { $bits } signs

## record/metric/mod.rs

unit-fraction-of-the-codes = fraction of the codes
unit-codes = codes
unit-tokens = tokens
unit-mean-squared-error-a-pixel = mean squared error a pixel
unit-of-the-variance-of-the-encodings = of the variance of the encodings
unit-dimensions = dimensions
unit-a-pixel = a pixel
metric-mse = MSE, full set
metric-mse-hint = Mean squared error a pixel of the reconstruction, mean |x̂ - x|². It is counted on images that training never sees.
metric-psnr = PSNR, full set
metric-psnr-hint = That error in decibels with peak 1, 10 log₁₀(1 / MSE). A tenth of the error is 10 dB more.
metric-quantization-error = quantization error
metric-quantization-error-hint = Squared distance of encodings to their codes, relative to the variance of the encodings, Σ|z - q|² / Σ|z - mean z|². It is 0 where every encoding lies on its code, and 1 where one code at their mean serves all.
metric-rank-of-e = effective rank of E
metric-rank-of-e-hint = How many directions the codebook fills: exp of the entropy of the normalized singular values (Roy and Vetterli 2007) of all codes less their mean. It is at most d.
metric-axes-of-e = axes of E, 90, 99 %
metric-axes-of-e-hint = Least number of principal axes that hold 90 %, and 99 %, of the variance of the codes. Both are small where the codes lie in a few directions.
metric-dimensions-for-90 = dimensions for 90 %
metric-for-99 = for 99 %
metric-moved = codes that moved

## record/life.rs

life-in-use = in use
life-fell-out = fell out of use
life-never = never used
life-not-in-use = not in use
life-codes = { $codes } { $life }

## analysis/figures.rs

figure-step = step { $step }
figure-steps = steps { $all }
list-and = {" and "}
figure-used-batch = used, batch of { $tokens }
figure-used-last = used, last { $tokens }
figure-used-full = used, full set { $tokens }
figure-used-newest = used, newest { $tokens }
figure-used-average = used, average of batches
figure-used-fair = used, 1 % of fair share
figure-used-batch-hint = Share of the codes that the newest batch of N tokens chose, used / K. A batch with few tokens cannot use many codes.
figure-used-last-hint = Share of the codes chosen at least once in the sliding window of training tokens, used / K. It is counted after every step.
figure-used-full-hint = Share of the codes chosen at least once on the full evaluation set, used / K. Training never sees these tokens.
figure-used-newest-hint = Share of the codes chosen at least once by the newest 65,536 training tokens, used / K. It cannot exceed 65,536/K, and less is known while fewer tokens were counted.
figure-used-average-hint = Share of the codes whose moving average (decay 0.99) of the counts of batches is at least 0.08·N/K. N is the tokens of a batch, and of few batches it is their weighted mean.
figure-used-fair-hint = Share of the codes that at least 0.01·N/K of the N tokens of the newest batch chose. A code that was chosen less counts as not in use.
figure-fell-out-hint = Codes that training tokens chose at an earlier step, but none in the sliding window: they have died. Only an encoding that comes by, or a change of all codes, brings one back.
figure-never-hint = Codes that no training token ever chose since the codebook is there. They have not died: nothing ever chose them.
figure-unused-hint = K minus the codes that the full evaluation set chose (dead_codes in files). They fell out of use, or never were in use.
figure-perplexity-hint = Number of equally used codes that would be as hard to guess, exp(-Σ p log p) over the shares p of the uses. It is K where all codes are used alike, and 1 where one code takes everything.
figure-rank-of-w-hint = How many directions W stretches: exp(-Σ s log s) over its normalized singular values s (Roy and Vetterli 2007). It is d where all are equal, and 1 where one is left.
figure-unused = unused, full set
figure-perplexity = perplexity, full set
figure-rank-of-w = effective rank of W

## analysis/detect/mod.rs

detect-turnover = Births and deaths: codes that are in use in the sliding window now but were not 100 steps before, and the reverse, counted every 100 steps; a fresh codebook starts from none in use.
detect-collapse = Collapse: for { $steps } steps in a row less than { $share } % of the codes are in use (of up to { $codes } codes fewer than 2), and no more at their end than at their beginning, in the sliding window of training tokens, relative to its sampling ceiling; the window counts once it is full or has { $tokens } tokens a code.
detect-recovery = Recovery: after a collapse, for { $steps } steps in a row at least { $share } % of the codes are in use in the sliding window of training tokens, relative to its sampling ceiling; the window counts once it is full or has { $tokens } tokens a code.
detect-saturation = Saturation: for { $steps } steps in a row at least { $share } % of the codes are in use in the sliding window of training tokens, relative to its sampling ceiling; the window counts once it is full or has { $tokens } tokens a code. Ready again after { $steps } steps in a row below { $again } %.
detect-runaway = Encoder runaway: the RMS norm of the encodings on the evaluation set is at least { $growth } times the least one of the last { $steps } steps. Ready again once it is less than { $again } times.
detect-collapse-of-files = Collapse: in { $files } files in a row less than { $share } % of the codes are in use (of up to { $codes } codes fewer than 2), and no more in the last of them than in the first, relative to the sampling ceiling; a file counts that has { $tokens } tokens a code, or does not tell how many.
detect-recovery-of-files = Recovery: after a collapse, in { $files } files in a row at least { $share } % of the codes are in use, relative to the sampling ceiling; a file counts that has { $tokens } tokens a code, or does not tell how many.
detect-saturation-of-files = Saturation: in { $files } files in a row at least { $share } % of the codes are in use, relative to the sampling ceiling; a file counts that has { $tokens } tokens a code, or does not tell how many. Ready again after { $files } files in a row below { $again } %.
detect-runaway-of-files = Encoder runaway: the RMS norm of the encoder outputs in a file is at least { $growth } times the least one of the { $files } files before it. Ready again once it is less than { $again } times.
detect-turnover-of-files = Births and deaths: codes that are in use in a file but were not in the one before, and the reverse.
detect-learns-nothing = Learns nothing: at { $evaluations } evaluations in a row, the last of them at step { $from } or later, the error on the evaluation set is not below that of the mean picture of the training set. Ready again once it is less than { $again } times that.
detect-diverged = Divergence: a term of the loss of one step is infinite or not a number; the lane stops before that step.

## figure/scene.rs

map-axis = { $name } ({ $share } of variance){ $unit }
map-axes-of-the-outputs = , axes of the outputs
map-axes-of-step = , axes of step { $step }
map-axes-of-both-lanes = , axes of both lanes
map-axis-short = { $name } ({ $share }){ $unit }

## figure/axis/marks.rs

axis-in = , in { $power }
axis-from = {""} from { $from }
axis-in-from = , in { $power } from { $from }

## figure/chart.rs

chart-training-step = training step

## figure/columns.rs

bars-code-uses = code { $code }: { $uses } uses
bars-codes-uses = { $codes } codes: { $low } to { $high } uses
bars-code-share = code { $code }: { $share } of all use
bars-codes-shares = { $codes } codes: { $low } to { $high } of all use
bars-code-used = code { $code }: in use
bars-code-unused = code { $code }: not in use

## figure/map.rs

map-and-idle = , { $idle }
map-in-use = { $used } of { $size } in use{ $rest }
map-label = code map, { $title }: { $used } of { $size } codes in use{ $rest }

## sweep/picture.rs

sweep-codes-in-use-full-set = codes in use, full set ({ $tokens })
sweep-mse-full-set = mean squared error a pixel, full set (log scale)
sweep-mse = mean squared error
sweep-title = { $title } (dots: seeds, lines: their mean)
sweep-nothing-counted = nothing counted yet
sweep-tokens-a-code = { $tokens } tokens a code
sweep-tokens-a-code-between = { $low } to { $high } tokens a code
sweep-all-runs = all runs
sweep-log-scale = { $key } (log scale)
sweep-lane = lane { $lane }
sweep-lane-of = lane { $lane } ({ $method })

## analysis/verdict/mod.rs

verdict-held = held
verdict-failed = FAILED
verdict-not-reached = not reached
verdict-not-judged = not judged
verdict-is = lane { $lane } { $metric } at step { $step } is { $value }
verdict-is-unknown = lane { $lane } { $metric } at step { $step }
verdict-expected-between = , expected { $min } to { $max }
verdict-expected-at-least = , expected at least { $min }
verdict-expected-at-most = , expected at most { $max }
verdict-left-the-story = ; a setting was made by hand after step { $step }
verdict-expected-less = , expected less than that of lane { $lane }
verdict-expected-more = , expected more than that of lane { $lane }
verdict-expected-less-than-times = , expected less than { $times } times that of lane { $lane }
verdict-expected-more-than-times = , expected more than { $times } times that of lane { $lane }
verdict-which-is = , which is { $value }
verdict-flagged = lane { $lane } { $flag } is flagged at step { $step }
verdict-not-flagged = lane { $lane } { $flag } is not flagged
verdict-expected-never = , expected never
verdict-expected-a-flag = , expected a flag
verdict-after-and-before = {""} after step { $after } and before step { $before }
verdict-after = {""} after step { $after }
verdict-before = {""} before step { $before }

## scenario/differences.rs

setting-codes-c = codes C
setting-w-and-b = W and b
setting-initial-c = initial C
setting-initial-w = initial W, b
setting-lookup = lookup
setting-form-of-w = form of W
setting-codes-k = codes K
setting-width-d = width d
setting-latent-width = latent width
setting-lr = learning rate
setting-beta = commitment β
setting-tokens-a-batch = tokens a batch
setting-window-tokens = window tokens
setting-hidden-width = hidden width
setting-tokens-a-sample = tokens a sample
setting-last-step = last step
setting-learn = learn
setting-frozen = frozen
setting-fixed-w = fixed, I and 0
setting-steps = { $steps } steps
setting-distance = distance
setting-angle = angle
setting-of-the-run = the run's
setting-with-bias = { $form }, bias
setting-full = full
setting-diagonal = diagonal
setting-rank = rank { $rank }
setting-i-and-0 = I and 0
setting-uniform = uniform { $bound }
setting-normal = normal, std { $std }
setting-features = features, std { $std }
setting-k-means = k-means
setting-networks = networks
setting-perceptrons = perceptrons
setting-optimizer = optimizer
setting-pace = pace
setting-eval-tokens = evaluation tokens
setting-final-tokens = tokens of the last count
setting-drift = drift of the cloud
setting-shift = place of the cloud
setting-eval-every = steps between evaluations
setting-learn-c = C learns
setting-learn-w = W learns
setting-levels = levels of the grid
setting-bits = signs
setting-temperature = temperature τ

## ui/input/commands/table.rs

command-play = play or pause
command-far-forward = look ten kept steps on
command-forward = one step on
command-forward-help = train one step; at a pinned step, the next kept one
key-right-arrow = Right arrow
command-stage-on = one stage of a step on
command-stage-on-help = one step in five stages: the next one, or the one before
command-stage-back = one stage of a step back
key-alt-arrows = Alt+Right, Alt+Left arrow
command-back = look one kept step back
command-back-help = pin the kept step before (with Shift ten of them)
key-left-arrow = Left arrow
command-far-back = look ten kept steps back
command-first = look at the first step
command-first-help = pin the first step; follow the run again
command-follow = follow the run again
command-play-back = play the recording back, or stop
command-fork = fork from the shown step
command-fork-help = fork: train on from the shown step
command-restart = restart the story
command-restart-help = restart the story as it was written
command-restart-as-set = restart with the settings of the controls
command-restart-with-next-seed = restart with the next seed
command-restart-with-next-seed-help = restart the story with the next seed
command-switch-method = VQ or SimVQ
command-switch-method-help = VQ or SimVQ in the marked lane
command-switch-w = W learns or is fixed
command-switch-w-help = W alone learns or is fixed
command-switch-c = C learns or is frozen
command-switch-c-help = C alone learns or is frozen
command-mark-other = mark the other lane
command-undo = undo
command-undo-help = undo the last change of a setting
command-redo = do it again
command-copy-link = copy a link
command-copy-link-help = copy a link to this screen
command-open-link = open a link
command-open-link-help = open a copied link
command-copy-picture = copy a picture
command-copy-picture-help = copy a picture of the window
command-save-panel = save a picture of a panel
command-save-panel-help = save a picture of the panel under the pointer, of the window
command-save-window = save a picture of the window
command-enlarge-here = enlarge a panel
command-enlarge-here-help = enlarge the panel under the pointer; again, or Esc, for all of them
command-hide-here = hide a pane
command-hide-here-help = hide the pane under the pointer; show all panes
command-show-all = show all panes
command-gallery = stories
command-gallery-help = the gallery of stories
command-shelf = saved runs
command-shelf-help = the shelf of saved runs
command-help = what is under the pointer, explained
command-help-help = explain what is under the pointer; where nothing is, this list
command-close = close
command-close-help = close this list or a card, give up a restart that is being built, show all panels
command-next-control = next control
command-back-to-live = back to the live run
command-theme = the other theme
command-pace-0 = 1 step a second
command-pace-help = 1, 5, 20, 60, 300 steps a second, unlimited
key-1-to-6 = 1 to 6
command-pace-1 = 5 steps a second
command-pace-2 = 20 steps a second
command-pace-3 = 60 steps a second
command-pace-4 = 300 steps a second
command-pace-5 = as many steps a second as there can be
command-language = the other language
key-page-up-down = Page up, page down
command-beat-forward = go on with the story
command-beat-back = the story's text before
command-light-moved = who moved in the last step
command-light-moved-help = light the codes that moved in the last step on the maps
command-show-cells = cells
command-show-cells-help = show on the maps which code is nearest where
command-show-w = what W makes of the unit circle
command-show-w-help = show on the maps what W and b make of the unit circle
command-beat-forward-help = the story's text before; the one after, or on with what it waits for
command-larger = everything larger
command-larger-help = everything larger, smaller, as usual
command-smaller = everything smaller
command-usual-size = everything as large as usual
command-full-screen = full screen
command-full-screen-help = the whole screen, and back
command-present = present
command-present-help = show the story to a room: large type, its own keys, notes for the speaker
command-palette = the palette of commands
command-palette-help = the palette: any command or setting by a few letters, such as lr 0.01
command-show-slow = one step of one token
command-show-slow-help = show on the maps what a single step did with one token, stage by stage

## ui/mod.rs

window-too-small = This window has { $width } x { $height } points, vqscope needs { $least_width } x { $least_height }. Make it larger, or everything in it smaller with Ctrl and the minus key.

## ui/widgets/fields.rs

fields-lane-b-has = Lane B has { $other }; moving this slider sets both lanes.
fields-typed = { $name }, typed

## ui/input/links.rs

notice-copied-a-link = copied a link to this screen at step { $step } ({ $length } characters): Ctrl+V or `vqscope LINK` opens it

## ui/layout/arrangement.rs

notice-hidden-controls = the controls are hidden; Shift+H shows all panes
notice-hidden-maps = the maps are hidden; Shift+H shows all panes
notice-hidden-bars = the bars are hidden; Shift+H shows all panes
notice-hidden-recon = the reconstructions are hidden; Shift+H shows all panes
notice-hidden-curves = the curves are hidden; Shift+H shows all panes
notice-hidden-numbers = the numbers are hidden; Shift+H shows all panes
notice-hidden-timeline = the timeline is hidden; Shift+H shows all panes

## scenario/preset.rs

preset-vq = Each chosen code moves on its own (van den Oord et al. 2017)
preset-vq-ema = Codes are moving averages of the encodings that chose them (van den Oord et al. 2017, appendix A.1)
preset-vq-revive = Moving averages; codes out of use jump to random encodings (Dhariwal et al. 2020, Jukebox)
preset-vq-kmeans = Codes start as k-means of the first encodings (Zeghidour et al. 2021, SoundStream)
preset-vq-warmup = 300 steps without quantization, then k-means and VQ (deferred quantization, arXiv 2605.06870)
preset-vq-fc = Projected to 8 numbers, compared by angle on unit vectors (Yu et al. 2022, ViT-VQGAN)
preset-vq-lc = Frozen features of the data and one learned matrix (Zhu et al. 2024, VQGAN-LC)
preset-cvq = Codes out of use glide to their nearest encodings (Zheng and Vedaldi 2023, CVQ-VAE)
preset-rotation = The encoder's gradient is rotated from the code to the encoding (Fifty et al. 2024)
preset-affine = All codes share one stretch of each axis and one shift, and learn as well (Huh et al. 2023)
preset-simvq = Frozen codes, one learned matrix over all of them (Zhu et al. 2024)
preset-simvq-joint = Codes and matrix learn together (Zhu et al. 2024)
preset-simvq-mlp = Frozen codes behind a small perceptron: a basis that can bend (future work of Zhu et al. 2024)
preset-fsq = Each of three numbers is rounded to one of eight levels: no codebook (Mentzer et al. 2023)
preset-lfq = The signs of nine numbers are the code: no codebook (Yu et al. 2023, MAGVIT-v2)
preset-entropy = A penalty wants sure choices and even use (Yu et al. 2023, MAGVIT-v2, over a codebook)

## scenario/mod.rs

pace-steps-a-second = { $steps ->
    [1] 1 step
   *[other] { $steps } steps
 } a second
pace-unlimited = as fast as the device goes

## analysis/why

why-fell-out = Code { $code } of { $lane }: not chosen for { $since } steps, moved { $way } in { $steps }.
why-never-chosen = Code { $code } of { $lane }: never chosen, moved { $way } in { $steps } steps.
why-moved-there-with-w = {" "}{ $lane }'s moved { $way }, because W moved.
why-moved-there = {" "}{ $lane }'s moved { $way }.
why-work = { $few } of { $lane }'s { $codes } codes serve { $work } of its tokens, code { $code } alone { $share } (fair share: { $fair }).
why-price = { $better } reconstructs better than { $other }: MSE { $low } against { $high }, { $less } less.
why-change-of-lane = { $lane } { $used } → { $now }, MSE { $mse } → { $mse_now }
why-between-lanes = {"; "}
why-change = { $what } (step { $step }). In { $since } steps since: { $each }.
why-restart = { $what }, from the start. At step { $step }: { $each }.
why-setting = { $setting } { $from } → { $to }
why-more-settings = { $more } more
why-show-me = show me

## ui/panes/pipeline.rs

pipeline-encoder = encoder
pipeline-decoder = decoder
pipeline-nearest = nearest of { $codes }
pipeline-rounds = nearest of { $codes }
pipeline-waits = none until step { $step }
pipeline-straight-through = gradient, straight-through
pipeline-straight-through-short = straight-through
pipeline-codebook-loss = codebook loss
pipeline-grid = a fixed grid: no code learns
pipeline-learns = learns
pipeline-frozen = frozen
pipeline-fixed = fixed
pipeline-diagonal = diagonal W
pipeline-low-rank = low-rank W
pipeline-mlp = perceptron
pipeline-spoken = { $lane }: the encoder makes z of x, the nearest of { $codes } codes of width { $dim } takes its place, the decoder makes x̂ of that. E = C·W + b: C { $c }, W { $w }.
pipeline-spoken-fixed = { $lane }: the encoder makes z of x, the nearest of { $codes } fixed codes takes its place, the decoder makes x̂ of that.
pipeline-letter-e = E: the { $codes } codes that z is compared with, a row of { $dim } numbers each.
pipeline-letter-c = C: the codebook, a row for each code. Where it learns, a step moves the rows that were chosen, and no other.
pipeline-letter-w = W: a matrix of { $dim } x { $dim } numbers that all rows share. Where it learns, a step moves every code.
pipeline-letter-b = b: one shift for all codes, which learns with W.
pipeline-letter-z = The choice has no gradient: the encoder gets the decoder's, as if q were z (straight-through), and the commitment loss.

## ui/panes/atlas.rs

atlas-title = Codes decoded
atlas-hint = What the decoder makes of each code in use alone, where all tokens of a sample are this code.
atlas-by-use = by use
atlas-by-place = by place
atlas-live-only = Codes are decoded while the run trains here: End follows it.
atlas-none = There is nothing to decode yet.
atlas-lane = { $lane }: { $shown } of { $used }
atlas-lane-most-used = { $lane }: { $shown } of { $used }, the most used (from { $from } on)
atlas-spoken = Codes of { $lane } in use, decoded: { $shown } of them
atlas-code = code { $code }: { $uses } of the last { $tokens } training tokens

## ui/panes/inspector.rs

inspector-title = One code
inspector-pin = Click a code: on a map, among the bars, in the decoded codes, or in a picture (U).
inspector-no-code = This lane has no such code.
inspector-code = Code { $code } of { $lane }
inspector-previous = the code before
inspector-next = the code after
inspector-in-other = in { $lane }
inspector-let-go = let it go
inspector-live-only = What it decodes to and what is near it is worked out while the run trains here: End follows it.
inspector-waits = What it decodes to comes with the next picture.
inspector-distance-axis = nearest encoding, steps { $first } to { $last }, at most { $most }
inspector-pictures = What it decodes to, and the { $inputs } inputs nearest to it
inspector-in-use = { $uses } of the last { $tokens } training tokens chose it.
inspector-share = It has { $share } of all use.
inspector-flagged = It is marked as used.
inspector-no-use = It is not in use.
inspector-fell-out = It fell out of use: chosen last { $steps } steps ago.
inspector-not-in-use = None of the last { $tokens } training tokens chose it.
inspector-never = No encoding chose it in { $steps } steps.
inspector-unknown = Nobody counted who chose it.
inspector-first-last = First chosen at step { $first }, last at step { $last }.
inspector-distance = The nearest encoding is { $distance } away.
inspector-rival = code { $code } takes { $times }
inspector-rivals = Of the { $encodings } encodings nearest to it { $own } choose it: { $others }.
inspector-no-rivals = All { $encodings } encodings nearest to it choose it.
inspector-moved = It moved { $way } in the last { $steps } steps.

## ui/panes/own.rs

own-title = Your own input
own-hint = Draw, click an input above, or drop a picture file: both lanes encode it at every step.
own-clear = clear
own-near = code { $code }, { $distance } away
own-draw-here = Draw here, click a part of an input picture, or drop a picture file.
own-drop-here = Drop a picture: both lanes encode it at every step.
own-dropped = { $file } is your input, brought to { $pixels } pixels
own-dropped-turned = { $file } is your input, brought to { $pixels } pixels and to light on black, as the samples are
own-dropped-several = { $files } files were dropped and one can be an input: { $file } is taken
own-dropped-not-here = { $file } is not encoded: no run trains here
own-dropped-on-points = { $file } is not encoded: this run trains on points, not on pictures
own-live-only = It is encoded while the run trains here: End follows it.
own-canvas = Canvas for your own input: drag to draw
own-output = What the lane makes of your input
own-on-map = yours

## Pictures and maps of the cause

headline-before = { $now }, before { $before }
recon-difference = error |x̂ - x| at every pixel, { $times } times as strong{ $of }
recon-difference-short = errors{ $of }
recon-places = which code is used where, coloured as on the map{ $of }
recon-places-short = codes in the pictures{ $of }
recon-farther = farther off
recon-pick = encode this part as your own input
recon-code-here = code { $code } of { $lane }
command-show-pipeline = encoder, nearest code, decoder
command-show-pipeline-help = show encoder, nearest code and decoder, and what learns from which gradient
command-show-place = where codes go
command-show-place-help = show in the reconstructions which code each part chose
command-show-difference = difference of the lanes
command-show-difference-help = show in the reconstructions where each lane is off, and which is farther off
command-show-sentences = why, in three sentences
command-show-sentences-help = three sentences from the present numbers, each with what shows it
command-show-inspector = the life of a code
command-show-inspector-help = the life of a code (click one), and an input of your own
command-show-atlas = codes decoded
command-show-atlas-help = all codes in use, each as the decoder shows it
command-put-away-change = put the comparison away
command-put-away-change-help = put away the run before, and what came of the last change
tools-cause = Why
tools-with-key = { $text } ({ $key })
tools-what-shows-the-cause = What shows why codes live and die: on the maps, among the pictures, in panes of its own

## Guesses

event-kind-guess = guess
event-guess = guess at beat { $beat }: { $what }
event-guess-choice = choice { $choice }
event-guess-number = { $number }
event-guess-curve = a drawn curve
event-guess-left = left to the run
event-guess-none = hands alone
event-guess-hands = ; hands { $hands }
event-kind-pen = pen
event-pen-drawn = drawn at step { $step }
event-pen-wiped = wiped at step { $step }

## ui/panes/w_over_time.rs

w-over-time = Singular values and effective rank of W over the steps
w-over-time-lines = solid: the { $drawn } largest singular values of W; dashed: its effective rank
w-over-time-now = { $lane }, step { $step }: effective rank { $rank }, |W - I| { $away }, |b| { $bias }

## ui/overlays/lesson_link.rs

lesson-link-title = This lesson, for everybody
lesson-link-how = The code holds a link. Open it with `vqscope LINK`, or paste it into a window: the same story begins at this beat, without controls.
lesson-link-copy = copy the link
lesson-link-copied = copied a link to this beat
lesson-link-close = close
lesson-link-code = The link as a code for cameras
lesson-link-too-long = This story is too long for a code; copy the link instead.
command-lesson-link = a link to this lesson
command-lesson-link-help = a link to this beat as a code for cameras: the story from here, without controls

## the tour: ui/overlays/tour.rs, ui/input/commands, ui/panes/top.rs, ui/overlays/gallery.rs

command-tour = the tour
command-tour-help = the tour, from what a codebook is to what to choose for your own data; again, or Esc, leaves it
top-tour = Tour
top-tour-hint = Pages on the running program, from what a codebook is to what to choose for your own data (F1); what is here now comes back
card-tour = Take the tour
tour-offer = New here? The tour shows it in { $pages } pages.
tour-start = Start
tour-offer-close = Close this line for good; "Tour" in the top bar opens the tour at any time
tour-page-of = Tour · { $page } of { $pages }
tour-leave = Leave (Esc)
tour-leave-hint = What was here before the tour comes back; the tour goes on at this page
tour-pages = Pages
tour-pages-hint = All pages, to go to one of them
tour-text = Back to the page
tour-back = Back
tour-next = Next
tour-end = End of the tour
tour-next-hint = The next page (Page down, or Space where training waits)
tour-back-hint = The page before (Page up)
tour-slider = Page of the tour
tour-on-the-way = Training to this page: step { $step } of { $at }
tour-building = Building the run of this page
tour-goes-on = On to the next page: step { $step } of { $at }
tour-done = Done. The next page shows what comes of it.
tour-looking-back = You are looking back at step { $step }.
tour-drag = { $page }: { $title }
tour-page-covered = after your guess

## ui/panes/topics.rs

topic-encoding = encoding z
topic-encoding-help = What the encoder makes of a token: a point of d numbers, z = f(x). The nearest code takes its place, q = argmin |z - e|².
topic-codebook = codebook
topic-codebook-help = A list of K points of d numbers, its codes: E is K×d. An index of log₂ K bits says which of them stands for a token.
topic-token = token
topic-token-help = What chooses one code: a patch, a part of a picture, or a point of a cloud. A batch has N of them.
topic-straight-through = straight-through
topic-straight-through-help = The choice of a code has no gradient, so the encoder gets that of the code, ∂L/∂z = ∂L/∂q. It passes by the codes that were not chosen.
topic-gradient = gradient
topic-gradient-help = For every number that learns, how fast the loss grows with it: ∂L/∂E_k for a code. A step moves the number the other way, so what has no gradient stands still.
topic-simvq = SimVQ
topic-simvq-help = The codes C are frozen, and one matrix W with a bias b moves all of them, E = C·W + b (arXiv 2411.02038). A gradient that reaches W from the chosen codes moves every code.
topic-utilization = utilization, full set
topic-utilization-window = utilization, last tokens
topic-utilization-batch = utilization, batch
topic-utilization-newest = utilization, newest 65,536
topic-utilization-average = utilization, average of batches
topic-utilization-fair = utilization, 1 % of fair share
topic-counted-by = as counted by
topic-counted-by-help = Public code means five things by a code in use, and the line under a share says which one is meant. A click on it chooses; what cannot be told is grey, with the reason.
topic-ceiling = sampling ceiling
topic-ceiling-help = The share of K codes that N tokens would use if each code were equally likely, 1 - (1 - 1/K)^N. What is missing below it is due to the codebook, and more cannot be expected.
topic-fair-share = fair share
topic-fair-share-help = How often a code would be used if all were used alike, N/K. Where every bar ends there, the use is even and the perplexity is K.
topic-fell-out = fell out of use
topic-never-used = never in use
topic-dead-codes = codes not in use
topic-perplexity = perplexity
topic-mse = MSE, reconstruction error
topic-psnr = PSNR
topic-moved = moved in the last step
topic-moved-help = Share of the codes that went further in a step than 1 % of the median way of the codes chosen in it, |ΔE_k| > 0.01 · median. In VQ these are the chosen codes, in SimVQ all.
topic-top = top bar
topic-top-help = The story, play and pause, one step, restart, the pace, and which parts of the window are shown. The list that ? opens has their keys.
topic-caption = caption
topic-caption-help = What the story says at the step that is shown; its figures come from the run. Under the pointer stands what the story is about.
topic-playhead = pinned step
topic-playhead-help = All panels stay at a step of before, while training may go on. From here the recording is played back, followed again, or trained on as a run of its own.
topic-controls = controls
topic-controls-help = What can be set, for both lanes or for one: a disc acts at the next step, a ring at the next restart. Ctrl+Z takes the last change back.
topic-tools = views and marks
topic-tools-help = How the axes of the maps and the bars are chosen, and what the marks mean. Discs are codes in use, crosses fell out of use, rings never were in use, small dots are encodings.
topic-headline = head of a lane
topic-headline-help = The method of the lane, and the share of its codes that the last training tokens chose, used / K. Below it stand the tokens that were counted, tokens a code, and the error of the newest evaluation.
topic-maps = code map
topic-maps-help = The codes E and the encodings on the two main axes of the codebook (PCA), turned so that the axes stay still. Each axis names its share of the variance; codes that look close here may lie apart in the other dimensions.
topic-usage = usage bars
topic-usage-help = A bar for each code: how many tokens chose it. The dotted line is the fair share N/K, and the ceiling says how many codes so many tokens can reach.
topic-recon = reconstructions
topic-recon-help = Held-out inputs x in the upper row, and below them what each lane makes of them, x̂ = g(q). The error beside a lane is the mean of |x̂ - x|² a pixel over the full set.
topic-curves = curves
topic-curves-help = Five tabs: losses, spectrum, use, movement and events. Each shows both lanes in their colours.
topic-numbers = numbers
topic-numbers-help = The figures of both lanes beside each other, with the tokens that were counted and the sampling ceiling. What is of the full set names its step, because it is not counted after every step.
topic-timeline = timeline
topic-timeline-help = Utilization above and error below over all steps, with marks where something was changed and flags where a detector saw something. A click or a drag shows a step, and End follows the run again.
topic-status = status bar
topic-status-help = Device, seed, where the run is saved, and memory; what was done or could not be done takes their place. What finds no room is under the pointer.
topic-pipeline = the pipeline
topic-pipeline-help = Encoder, z, the nearest of K codes, decoder, and where gradients go: solid parts learn. The block below spells E = C·W + b; the choice of a code passes no gradient, straight-through copies it from q to z.
topic-sentences = sentences
topic-sentences-help = What the present numbers say, in up to three sentences: why a code lives or died, who does the work, and what a change did. Each has a button that shows what it speaks of.
topic-inspector = one code
topic-inspector-help = The life of the code that is pinned: first and last use, distance to the nearest encoding over time, what it decodes to, and the inputs nearest to it. A code whose distance grows is left behind by the data.
topic-atlas = codes decoded
topic-atlas-help = What the decoder makes of each code in use alone, x̂ = g(E_k). Sorted by use they show what the work is done with, by place what lies where on the map.
topic-place = codes in pictures
topic-place-help = Which code each part of a picture chose, argmin |z - E_k|², in the colours of the map. A code, a part or a token of the map that is pointed at lights up with all that chose the same code.
topic-difference = difference of the lanes
topic-difference-help = The error of each lane at every pixel, |x̂ - x|, made stronger. The row of the inputs shows which lane is farther off, |x̂_A - x| - |x̂_B - x|, in its colour.
topic-spectrum-help = Bars are the singular values of W; lines are standard deviations along principal axes, solid those of the encodings and dashed those of the codes. Where a line falls off, the other directions are hardly used.
topic-use-map-help = Each code is a square in the order of its index, and its colour says how often it was used. Empty squares are codes that no counted token chose.
topic-movement-help = How far each code went between two points of the record, |E_k(t) - E_k(s)|, from the fastest to the slowest. A code that stood still got no gradient.
topic-events-help = How many codes came into use and fell out of it in 100 steps, and below a log of flags and changes. A click on a line shows its step.
topic-cells = cells
topic-cells-help = Each point of the map has the colour of the code that is nearest to it in all d dimensions, argmin |x - E_k|²: a slice in the plane of the axes. It is grey where that code is not in use.
topic-w = W
topic-w-help = What W and b make of the unit circle, which is dashed: an ellipse, whose half axes say how far W stretches the plane. Beside it stand |W - I|, |b| and the effective rank of W.
topic-slow = one step, slowly
topic-slow-help = What a single step did with one token, in five stages: its encoding, its three nearest codes with their distances, its part of the loss, the pull on C or on W, and everything before and after. The numbers are those of the step.
topic-what-learns-help = Whether the codes C and the matrix W of a lane learn: C alone is plain VQ, W alone is SimVQ, both is joint. A click acts at the next step.
topic-on-switch-help = Fresh codes are a new Gaussian C with a new W and b; its old codes become C, with W the identity. The first brings a collapsed lane back, the second leaves every code where it is.
topic-axes = axes of the maps
topic-axes-help = The plane of the maps: PCA of each lane's codes, the axes of one moment, or one PCA of both lanes. Fixed axes show how codes move, live ones the shape that they have.
topic-bars = bars
topic-bars-help = Which tokens the bars count, and whether they stand sorted or by index, linear or logarithmic. Sorted bars show how even the use is, bars by index which codes are used.
topic-play-help = Training goes on, or stops after the step in progress. While the story asks or waits, it goes on without a guess.
topic-step = one step
topic-step-help = Trains one step and stays there. The layer of the maps that K shows then tells what it did with one token.
topic-restart = restart
topic-restart-help = The story begins anew from step 0 as it was written, with the same seed. Shift+R takes the next seed, Ctrl+R the settings of the controls.
topic-pace = pace
topic-pace-help = Steps a second that are asked for; what the device reaches stands beside them. A story waits where its texts need time, whatever the pace.
topic-stories = the story
topic-stories-help = What trains here, and whether it is as it was written or changed by hand. A click opens the gallery of all stories.
topic-view-help = Light or dark, contrast, language, size, motion, and how stories are told. All of it is kept for the next start.
topic-runs-help = The shelf of saved runs: each run of the window is saved while it trains. One can be gone on with, and any two can be looked at side by side.
topic-keys = keys
topic-keys-help = The list of all keys. With the pointer on a thing, ? explains that thing instead.
topic-tour-help = Pages on the running program, from what a codebook is to what to choose for your own data. Esc leaves them at any point, everything of before comes back, and the tour goes on at that page.
topic-side-numbers = numbers at the right
topic-side-numbers-help = Shows or hides curves and numbers. A narrow window has room for them or for the controls.
topic-side-controls = controls at the left
topic-side-controls-help = Shows or hides the settings. A narrow window has room for them or for curves and numbers.
topic-flags = flags
topic-flags-help = A detector raised a flag at this step by a rule that stands under the pointer: collapse, recovery, saturation, runaway, learning nothing or divergence. A click shows the step.
topic-cloud = the cloud
topic-own-input-help = A picture that is drawn, clicked among the inputs or dropped as a file is encoded by both lanes at every step, and its three nearest codes stand beside it with their distances |z - E_k|. It is not trained on.
topic-change = what a change did
topic-change-help = Utilization and MSE of each lane where something was changed by hand, and where the run is now. It is one run: what came with time is in it as well.
topic-before = the run before
topic-before-help = After a restart with another setting the run before stays as dashes in the timeline, and its MSE at the same step in the headline. × puts it away.
topic-cloud-help = Where the data are points of the plane, their outline is dragged by its middle, and turned and scaled by its tip. It acts in both lanes from the next step on.

## ui/overlays/explain.rs

explain-close = ? or Esc closes this
command-keys = the list of all keys

## scenario/demos.rs

chapter-collapse = Collapse and its cure
chapter-other = Other remedies
chapter-limits = Where nothing collapses, and where SimVQ does

## record/status.rs, ui/state/host.rs: why a device trains, and what draws

device-no-adapter = no graphics adapter was found
device-the-gpu-found = the GPU found here
device-asked-for = asked for
device-asked-for-by-name = asked for by name
device-opened-anew = opened anew after it failed
device-only-software = only software Vulkan: { $name }
device-failed = { $name } failed
device-elsewhere = trained by another program
device-watching = watching { $place }
device-watching-two = watching { $a } and { $b }
watched-about = Codebooks of another program's training, in { $place }.
watched-about-two = Codebooks of another program's training, in { $a } and { $b }.
notice-not-saved = This run is not saved, so it cannot be forked
notice-given-up = The run was given up before it was ready; restart it, or another one
renderer = { $name } renderer ({ $reason })
renderer-on-the-gpu = on the GPU
renderer-no-gpu = no GPU: it draws faster in software
renderer-did-not-start = { $name } did not start
## watch/check/told.rs

check-file = { $file }: step { $step }, the newest of { $files } files
check-codes = codes: { $array }, { $size } x { $dim }, looked for by { $lookup }
check-level = level { $level } ({ $name }): { $used } of { $size } in use, { $share }, perplexity { $perplexity }, mean length { $norm }, left over { $residual }; { $how }
check-level-unknown = level { $level } ({ $name }): use of its { $size } codes is not known, mean length { $norm }; { $why }
check-more-levels = and { $n } levels more
check-rule = as counted by "{ $rule }": { $used }, { $share }
check-rule-unknown = as counted by "{ $rule }": the file does not tell
check-level-rule = "{ $rule }": { $used }, { $share }
check-level-rules = level { $level } as counted by { $rules }
check-level-rules-some = level { $level } as counted by { $rules }; by the others the file does not tell
check-level-rules-unknown = level { $level }: as counted by any of the five the file does not tell
check-flag = at step { $step }: { $what }
check-turnover = since the file before { $births } codes came into use and { $deaths } went out of it
check-norms = lengths of codes: { $least } to { $greatest }, mean { $mean }
check-latent-norms = lengths of latents: { $least } to { $greatest }, mean { $mean }
check-error = quantization error: { $error } of the variance of the latents
check-spectrum = spectrum of the codes: 90 % of their variance along { $dimensions } of { $dim } axes; standard deviations { $stds } first
check-drift = since step { $since } codes moved by { $codes } of their mean length
check-drift-latents = the mean latent moved by { $latents } of the codes' mean length, { $ratio } times as far as the codes
check-drift-series = from file to file, from step { $since } to steps { $steps }: codes moved by { $codes } of their mean length
check-drift-series-latents = the mean latent from file to file: by { $latents } of the codes' mean length, { $ratios } times as far as the codes
check-suspicious = suspicious: { $why }
check-suspicious-use = { $name }: { $judgement }. { $bound }
check-suspicious-tokens = { $name }: { $judgement }.
check-suspicious-unknown = { $name }: which codes are in use is not known, { $why }.
check-suspicious-broken = { $n } codes are not finite: { $codes }.
check-suspicious-drift = The codes moved by more than 2 times their length since the file before.
check-suspicious-zero = Some codes are worn to nothing beside the others.
check-unreadable = cannot be read: { $why }

## Files of another program with several codebooks

reading-tuples = { $distinct } distinct tuples of codes among { $tokens } tokens ({ $share }), of { $possible } possible.
reading-broken = { $n } of { $size } codes are not finite and not drawn: { $codes }.
reading-broken-many = { $n } of { $size } codes are not finite and not drawn: { $codes } and others.
reading-short = { $judgement }, { $used } of { $size } codes in use
reading-short-alone = { $used } of { $size } codes in use
reading-short-unknown = use of { $size } codes not known
note-all-zero = All codes are zero.
watched-lane-caption = { $lane }: { $what }
curves-tab-levels = Levels
curves-every-codebook-of-the-file = Every codebook of the file with its use, over all files.
topic-levels-help = All codebooks of a watched file (levels of a residual quantizer, groups, heads, scales): their use, their perplexity, and the mean length of what each leaves over of the latents. A click draws one as A, with Shift as B.
levels-use = use
levels-perplexity = PPL
levels-left = left over
levels-use-hint = Share of its codes in use. A click makes it what the lines are of.
levels-perplexity-hint = Perplexity: so many equally used codes would be as hard to guess. A click makes it what the lines are of.
levels-left-hint = Mean length of what is left of the file's latents after it. A click makes it what the lines are of.
levels-tuples-hint = Distinct tuples after each level: { $after }.
levels-how-to-choose = A click draws one as A, with Shift as B.
levels-row-hint = { $name }, { $size } codes; { $what }
levels-spoken = level { $level }: { $figures }
levels-cell = Level { $level } ({ $name }): { $used }, { $how }; perplexity { $perplexity }
levels-share-counted = { $share } · { $how }
levels-cell-hint = { $what }. A click draws it large.
levels-too-large = These codebooks are together too large for small maps.
levels-only-one = This file holds one codebook.
levels-all-of-one = All codebooks are shown of one path alone.
command-level-after = draw the next codebook of the file
command-level-after-help = the next codebook of the file, or the one before
command-level-before = draw the codebook before
command-level-after-of-b = show the next codebook of the file as B
command-level-after-of-b-help = the same beside it, as B, and none again
command-level-before-of-b = show the codebook before as B
command-all-levels = show small maps of all codebooks of the file
command-all-levels-help = small maps of all codebooks of the file, or one large one
command-arrays = choose the arrays of the file
command-arrays-help = which arrays of the file are codes and use
key-up-down-arrows = Up, down arrow
key-shift-up-down-arrows = Shift+up, down arrow
arrays-title = Which arrays are meant?
arrays-why = { $file } { $why }.
arrays-of = These are the arrays of { $file }.
arrays-step-title = Which number is the step?
arrays-steps-open = { $file } has several numbers in its name, and any of them may be it.
arrays-step = The step, in the names of the files
arrays-step-number = number { $n }: { $values }
arrays-codes = Codes, K x d
arrays-usage = How often each code was chosen
arrays-lookup = How the model looks for a code
arrays-as-found = as found
arrays-as-found-which = as found ({ $what })
arrays-array = { $name }   { $shape }
arrays-rows = { $size } codes of width { $dim }
arrays-columns = turned: { $size } codes of width { $dim }
arrays-take = Look at it
arrays-take-hint = Reads the files in this way, and keeps it in your settings for this path; nothing is written beside the files, which --remember does.
arrays-leave = Leave it (Esc)
tools-level = Codebook { $level }
tools-level-hint = Which of the codebooks of the file is drawn.
tools-level-of-b = B: { $level }
tools-level-of-b-hint = Which codebook of the file stands beside it.
tools-level-named = { $level }: { $name }
tools-level-none = none
tools-all-levels = All
tools-arrays = Arrays
usage-norms = lengths of { $codes } codes; no counts in the file
usage-norms-short = lengths of { $codes } codes
usage-norms-broken = lengths of { $codes } codes, { $broken } not finite; no counts in the file
usage-norms-bin = { $codes } codes of length { $low } to { $high }
usage-norms-mean = mean { $mean }
spoken-norms = Lengths of { $codes } codes, which { $lane } does not count: { $least } to { $greatest }
check-tuples = tuples of codes, { $array }: { $tuples } After each level: { $after }.
event-codes-broke = from here on { $n } of { $size } codes are not finite
watched-only-a = { $lane } has no file until this step
steer-title = A hand on the switch
steer-title-of = A hand on the switch of { $lane }
steer-offer = The training that writes into { $folder } takes commands. Once you take control, this window writes control.json there, and nothing else; nothing is written before.
steer-take = Take control
steer-take-hint = A first command, which sets nothing, tells the training and other windows who has control.
steer-take-over = Take it over
steer-give = Give control back
steer-give-hint = What was set stays as it is; another window or script may take control.
steer-other = Another window has control of this training: the newest command is its own, of step { $step }.
steer-reaching = Control was asked for. The training answers at its next call; one that was broken off never does.
steer-held = This window has control: what is set here acts at the next call of the training.
steer-paused = The training waits. Without a command it goes on by itself after ten minutes.
steer-off = This training takes no commands: { $why }
steer-off-unsaid = This training takes no commands, and does not say why
steer-ended = This training came to its end, after step { $step }: nothing reads a command any more.
steer-simvq = layer W
steer-simvq-behind = behind the codes
steer-simvq-help = Puts one linear layer behind the codes (SimVQ), E = C·W + b: a new C is frozen, W and b learn in its place. Taking it off makes E codes again that learn by themselves.
steer-lr = learning rates ×
steer-lr-help = By what all learning rates of the optimizer are multiplied, from 0.01 to 10. Schedulers go on with their own rates.
steer-commitment-help = Weight β of the loss that pulls encodings to their codes, from 0 to 100. It acts where the training's loss uses c.commitment.
steer-revive = Revive
steer-revive-hint = Codes unused since the last file get random encodings of the next call.
steer-pause = Pause
steer-pause-hint = The training waits at its next call, at most ten minutes without a command.
steer-on = Go on
steer-on-hint = The training goes on.
steer-save = Save a file
steer-save-hint = The training saves its codebook at its next call.
steer-waiting = on its way: { $what }
steer-ignored = ignored, { $why }
steer-refused = refused: { $why }
steer-told-simvq = layer W put behind the codes
steer-told-no-simvq = layer W taken off
steer-told-lr = learning rates × { $factor }
steer-told-commitment = commitment { $weight }
steer-told-revive = codes revived
steer-told-revived = { $codes } codes revived
steer-told-pause = paused
steer-told-on = goes on
steer-told-save = file saved
steer-line-training = training, step { $step }
steer-line-paused = paused at step { $step }
steer-pause-ended = the pause ended by itself
event-steered = by command: { $what }
event-kind-refused = refused
topic-steer-help = What can be set in a training of PyTorch that runs under vqscope.Watch with control=True, at its next call. Nothing is written before control is taken, and nothing but control.json in its folder then.
following-read-only = This run is trained by another process: look at all of it, or fork it (F) to train on here
map-waiting-for-the-first-save = waiting for the first save
top-progress-and-rate = { $progress }, { $rate }
top-followed-waits = trained by another process; its first save is awaited
top-followed-saved = trained by another process; saved { $age } ago
top-followed-quiet = trained by another process; nothing new for { $age }
top-age-seconds = { $n } s
top-age-minutes = { $n } min
top-age-hours = { $n } h
