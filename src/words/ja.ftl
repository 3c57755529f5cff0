### プログラムの文をキーごとに並べたものです。引数は { $name } の形で文の中に入ります。

## export/report/parts.rs

report-so-the-story-says-this = これはストーリーの説明であり、この実行は異なります。{ $how }
report-codes-in-use = 使用中のコード
report-of-codes = { $all } 個中 { $used } 個
report-reconstruction-error = 再構成誤差
report-mse-a-pixel-db = 1画素あたりの MSE、{ $psnr } dB
report-does-it-hold = 期待は成り立つか
report-how-far-it-carries = 結論の及ぶ範囲
report-not-measured = 未測定
report-over-the-steps-of-training = 学習の経過
report-of-tokens = { $lane }: { $tokens } トークンで { $ceiling }
report-window-the-last-training-tokens = 直近: 直近の学習トークン。評価セット: 学習に使わないトークン。サンプリング上限: どのコードも等確率で選ばれた場合の値 1-(1-1/K)^N。評価セットでは { $ceilings }。
report-dashed-vertical-lines-a-setting = {""} 縦の破線は設定の変更を示し、内容は下の一覧にあります。
report-log-scale-thin-error-of = 対数目盛。細線は各学習バッチの誤差です。{ $changed }
report-log-scale-terms-of-the = 対数目盛。最小化される損失の各項です。
report-log-scale-number-of-equally = 対数目盛。同じ程度に予測しにくい、均等に使われるコードの数です。
report-where-the-codes-lie = コードの位置
report-codes-on-the-two-main = コードブックの主軸2本 (PCA) へのコードの射影で、軸名に分散の割合を示します。円は直近の学習トークンで使われたコード（大きいほど多い）、×印は使われなくなったコード、輪は一度も使われていないコード、小さな点はコードが表すべきエンコーダ出力です。
report-how-evenly-codes-are-used = コード使用の均等さ
report-uses-of-each-code-in = 直近の学習トークンでの各コードの使用数を、多い順に対数目盛で示します。すべてのコードが均等に使われると、線は均等な割合の高さで平らになります。
report-what-comes-back = 再構成結果
report-held-out-pictures-and-their = 学習に使わない画像と、ステップ { $step } での再構成です。
report-what-happened = 出来事
report-nothing-was-changed-or-flagged = 学習中に変更も検出もありませんでした。
report-to-repeat-it = 再現の方法
report-the-scenario-is-no-built = このシナリオは組み込みのものではありません。まず下の内容を scenario.toml として保存してください。
report-settings-were-changed-by-hand = 学習中に { $log } 件の設定が手で変更されました。コマンドでは再現されません。内容と時点は上の一覧にあります。
report-it-was-forked-from-the = 実行 { $run } のステップ { $step } から分岐したものです。
report-on-the-cpu-the-same = CPU では、同じプログラム、命令セット、シナリオ、シードから最後の桁まで同じ数値が得られます。GPU では近い値になるだけです。
report-run-hash-sha-256-of = 実行ハッシュ（シナリオの SHA-256）
report-steps-trained = 学習したステップ数
report-instruction-set = 命令セット
report-compared = 比較対象
report-codes = コード
report-judged = 利用の判断
report-judged-lane = { $lane }: { $judgement }。{ $bound }
report-reconstruction = 再構成
report-not-counted = 未計数
report-step = ステップ { $step }
report-pictures = { $name }: 画像 { $number } 枚
report-input = 入力
report-after-step = ステップ
report-what = 内容
report-seed = シード
report-device = デバイス
report-program = プログラム
report-scenario-as-trained = 学習に使ったシナリオ ({ $file })

## export/report/facts.rs

report-at-the-end = { $before }{ $preset }、終了時は { $now }
report-diverged-at-step-its-loss = { $lane } はステップ { $step } で発散しました。損失が有限値でないため、数値はその前のものです。
report-one-lane-there-is-nothing = レーンは { $name } の1本で、比較する相手がありません。
report-used-more-of-its-codebook = { $better } は { $worse } よりコードブックを多く使い、再構成も優れていました。
report-used-more-of-its-codebook-2 = { $used } のほうがコードブックを多く使いましたが、再構成は { $better } が優れていました。
report-reconstructed-better-than-both-used = { $better } の再構成は { $worse } より優れていました。利用率は同じでした。
report-used-more-of-its-codebook-3 = { $used } は { $other } よりコードブックを多く使いました。
report-and-came-out-equal = { $a } と { $b } は同等でした。
report-8x8-patches-of-photographs = 写真の 8x8 パッチ
report-handwritten-digits = 手書き数字
report-pictures-of-clothing = 衣類の画像
report-points-of-a-cloud = 平面上の点の雲
report-codes-of-numbers = { $dim } 次元のコード { $size } 個
report-one-codebook-trained-on = ネットワークなしのコードブック1つ（{ $book }）を、{ $data }で { $steps } ステップ学習しました。
report-one-autoencoder-with-trained-on = { $book }のオートエンコーダ1つを、{ $data }で { $steps } ステップ学習しました。
report-from-the-same-seed-and = 同じシードと同じバッチ
report-side-by-side = 並列
report-each-has = それぞれ{ $book }です。
report-a-has-b-has-of = A は{ $book }、B は { $d } 次元のコード { $k } 個です。
report-they-began-alike = 両者は同じ状態から始まりました
report-they-differ-in-one-setting = 違いは1つの設定（{ $one }）だけで、ほかはすべて同じです
report-they-differ-in-settings-all = 違いは { $number } 個の設定（{ $names }）で、ほかはすべて同じです
report-but-for-what-was-changed = 。ただし学習中の変更は下の一覧のとおりです
report-autoencoders = オートエンコーダ
report-codebooks-without-networks = ネットワークなしのコードブック
report-two-autoencoders-trained-of-for = { $models }2つを{ $alike }で、{ $data }により { $steps } ステップ学習しました: { $a } と { $b }。{ $books }{ $what }{ $later }。
report-used-of-codes = { $lane } は { $size } 個中 { $used } 個のコードを使用（{ $share }）
report-codes-in-use-were-not = 評価が行われなかったため、使用中のコードは数えられていません。
report-counted-on-held-out-tokens = { $all }。学習に使わない { $tokens } トークン（1コードあたり { $size }）で{ $of }数えました。どのコードも等確率なら、この数のトークンは { $ceiling } を使います。
report-has-less-error-than-a = { $best } の誤差は { $other } より { $share } 小さく、1画素あたりの平均二乗誤差は { $less } に対し { $more } でした（{ $best_psnr } dB と { $other_psnr } dB）。学習に使わない画像での値です。
report-both-have-the-same-mean = 1画素あたりの平均二乗誤差はどちらも { $mse } です。
report-the-mean-squared-error-is = 1画素あたりの平均二乗誤差は { $mse }（{ $lanes } dB）です。学習に使わない画像での値です。
report-the-error-was-not-measured = 評価が行われなかったため、誤差は測定されていません。
report-were-not-reached = 、{ $open } 件は到達しませんでした
report-the-scenario-states-no-expectations = このシナリオに期待は記されていません。
report-the-one-expectation-that-was = 事前に記された1件の期待は成り立ちました。
report-all-expectations-that-were-stated = 事前に記された期待 { $all } 件はすべて成り立ちました。
report-of-expectations-held-the-run = 期待 { $all } 件中 { $held } 件が成り立ちました。残り { $open } 件の前に実行が終わりました。
report-of-expectations-failed-held = 期待 { $all } 件中 { $failed } 件が不成立、{ $held } 件が成立しました{ $rest }。
report-this-is-one-run-with = これは小さなネットワークと小さな画像による、シード { $seed } の1回の実行です。数値を一般化するには、ほかのシードとより大きなモデルで試す必要があります。
list-semicolon = {"、"}
report-after = { $step } の後に

## export/report/tables.rs

report-final-figures = 最終的な数値
report-the-full-set-was-last = {""} 評価セットを最後に数えたのは { $step } の後で、次の評価の前に実行が止まりました。
report-after-steps-a-tick-marks = { $steps } ステップ後の値です。{ $early } チェックは2つの値のうち良いほうを示します。使用中のコード数は数えたトークン数によるため、その数を併記しています。
report-used-final-count = 利用率、最終計数 { $tokens }
report-perplexity-final-count = パープレキシティ、最終計数
report-stated-in-the-scenario-before = 実行前にシナリオに記されたものです。{ $holds }
report-not-here = 対象外
report-as-the-run-began-settings = 実行開始時の設定です。レーン間で異なるものに印を付け、先に並べています。
report-figure = 指標
report-tokens-a-code = 1コードあたりのトークン
report-ceiling = 上限
report-figure-in = { $name }（{ $unit }）
report-expectations = 期待
report-settings = 設定
report-setting = 設定

## export/report/departure.rs

report-it-began-with-other-settings = 記述されたストーリーとは異なる設定で始まりました: { $keys }。{""}
report-it-left-the-story-after = ステップ { $step } の後、手で設定が変更されてストーリーを離れました{ $what }。{""}
report-1-is-not-judged = 。1 件は判定しません
report-are-not-judged = 。{ $left } 件は判定しません
report-none-was-decided-before = それまでに決まったものはありません
report-held-before = それまでに { $held } 件が成立
report-held-and-failed-before = それまでに { $held } 件が成立、{ $failed } 件が不成立
report-hold-for-this-run-as = この実行でも { $held } 件が成立、{ $failed } 件は不成立
report-the-expectations-are-about-the = { $sentence }{ $verdicts } 件の期待は記述されたストーリーについてのものです: { $decided }{ $rest }。

## export/plots.rs

chart-sampling-ceiling-of-the-window = 直近でのサンプリング上限
chart-the-same-of = { $lane } の同じ値
chart-full-set = 評価セット
chart-codes-in-use = 使用中のコード
chart-codes-in-use-2 = 利用率
chart-reconstruction-error = 再構成誤差
chart-mean-squared-error-a-pixel = 1画素あたりの平均二乗誤差
chart-codebook-and-commitment = コードブックとコミットメント
chart-loss-terms-of-each-batch = 各バッチの損失項
chart-loss-commitment-without-its-weight = 損失（コミットメントは重みなし）
chart-perplexity-of-each-batch = 各バッチのパープレキシティ
chart-fair-share = 均等な割合 { $size }
chart-codes-most-used-first = コード（使用の多い順）
chart-uses-log-scale = 使用数（対数）
chart-step-last-training-tokens = ステップ { $step }: 直近の学習トークン { $tokens } 個
chart-step-millionths = ステップ { $step }: 全使用に対する百万分率
chart-step-flags = ステップ { $step }: 使用中のコードは 1
chart-window = 直近
chart-batch = バッチ
chart-codebook = コードブック
chart-commitment = コミットメント
chart-reconstruction = 再構成

## ui/overlays/cards.rs

card-training-stopped = 学習が停止しました
card-look-at-what-was-trained = 学習結果を見ます。再生または1ステップでこのカードに戻ります
card-look-at-it-esc = 結果を見る (Esc)
card-restart-with-these-settings = この設定で再開始
card-go-on-from-the-newest = 最新の保存から続ける
card-what-was-trained-until-then = そこまでの学習は保存されています
card-go-on-on-the-cpu = ステップ { $step } から CPU で続ける
card-open-anew-and-go-on = { $device } を開き直し、ステップ { $step } から続ける
card-start-over-on-the-cpu = CPU で最初からやり直す
card-open-anew-and-start-over = { $device } を開き直し、最初からやり直す
card-going-back-of-steps = 戻っています: { $of } ステップ中 { $done }
card-give-up-esc = 中止 (Esc)
card-step-lies-behind-the-checkpoint = ステップ { $step } は直前のチェックポイントより先にあり、そこまでの再学習に約 { $seconds } 秒かかります。
card-step-lies-steps-behind-the = ステップ { $step } は直前のチェックポイントより { $steps } ステップ先にあり、その分を再学習します。所要時間は1ステップ学習すると分かります。
card-go-there = 移動する
card-stay-here-esc = ここに留まる (Esc)
card-lane-diverged = レーン { $lane } が発散しました
card-back-steps-with-a-third = 学習率を3分の1にして { $steps } ステップ戻る
card-back-to-the-start-with = 学習率を3分の1にして最初に戻る
card-a-fork-at-step-lane = ステップ { $step } で分岐: レーン { $lane } は { $lr } の代わりに { $smaller } で続けます
card-this-run-is-not-saved = この実行は保存されていないため分岐できません。理由はステータスバーにあります
card-from-step-0-as-it = ステップ 0 から、現在の設定で
card-keys = キー
card-fork = 分岐

## ui/overlays/gallery.rs

card-each-trains-from-its-first = 選ぶと最初のステップから学習します
card-covered = 題名と結末は、予想すると表示されます
card-story-number = ストーリー { $number }
card-close-the-gallery-esc = ギャラリーを閉じる (Esc)
card-copy-link = リンクをコピー
card-copy-a-link-to-this = このストーリーの設定、ステップ、表示を含むリンクをコピーします (Ctrl+C)
card-back-to-the-story-s = ストーリー本来の設定に戻す
card-now-playing = 再生中
card-stories = ストーリー
card-close = 閉じる

## ui/overlays/shelf.rs

card-no-run-is-saved-yet = 保存された実行はまだありません。このウィンドウの実行は最初のステップから保存されます。
card-the-mark-cannot-be-written = 印を書き込めません ({ $error })
card-saved-runs = 保存された実行
card-the-newest-stay-keep-makes = 新しい { $most } 件が残ります。「保管」した実行はずっと残ります
card-nothing-is-removed-from-this = このフォルダからは何も削除されません
card-close-the-shelf-esc = 一覧を閉じる (Esc)
card-show-a-beside-b = A と B を並べて表示
card-two-saved-lanes-side-by = 保存された2つのレーンを並べ、1つの再生位置で動かします。学習は待機します
card-steps-seed = { $step } ステップ、シード { $seed }
card-forked-from = 、{ $parent } から分岐
card-of-the-codes-used-on = { $name } { $method }: 評価セットでの利用率 { $share }、MSE { $recon_mse }（ステップ { $step }）
card-not-evaluated-yet = { $name } { $method }: 未評価
card-train-on-from-the-newest = 現在の実行に代えて、最新の保存から学習を続けます
card-go-on-with-it = 続きを学習
card-a-run-that-is-kept = 保管した実行は、後からいくつ増えても残ります
card-lane-to = レーン { $lane } を
card-put-lane-of-this-run = この実行のレーン { $lane } を { $name } に入れます
card-both-lanes-are-equal = 両レーンは同じ設定
card-one-lane-k-d = 1レーン: K { $size }、d { $dim }
card-go-on-where-it-stopped = 止まった所から続けますか
card-the-window-was-closed-without = 「{ $title }」がステップ { $step } のとき、ウィンドウが予告なく閉じました。そこまではすべて保存されています。
card-go-on = 続ける
card-the-run-stays-on-the = この実行は一覧に残ります
card-leave-it-esc = そのままにする (Esc)
card-reading = 読み込み中…
card-keep = 保管
card-method-then = { $first }、のち { $now }

## ui/overlays/building.rs

card-building-since = 構築開始から
card-the-next-run-is-being = 次の実行を構築しています
card-until-it-is-there-the = 完了するまで、図は前の実行のものです。
card-goes-back-to-the-run = 前の実行の続きに戻ります

## ui/panes/curves.rs

curves-terms-of-the-loss-of = 各バッチの損失項
curves-how-many-directions-w-stretches = W が伸ばす方向の数と、エンコーダ出力が占める方向の数
curves-uses-of-every-code-as = 全コードの使用数を番号順に正方形で表示
curves-how-far-each-code-moved = 記録の2時点間での各コードの移動量
curves-births-and-deaths-of-codes = コードの誕生と死、およびステップごとの出来事
curves-solid-reconstruction-dashed-codebook-and = 実線: 再構成、破線: コードブックと
curves-commitment-which-are-equal-log = コミットメント（等しい）、対数目盛
curves-solid-reconstruction-dashed-codebook = 実線: 再構成、破線: コードブック、
curves-dotted-commitment-log-scale = 点線: コミットメント、対数目盛
curves-terms-of-the-loss-of-2 = 各バッチの損失項（重みなし）。コードブック損失とコミットメント損失はどちらも (q - z)² の平均で、一方はコードを、他方はエンコーダを引き寄せます。
curves-tab-losses = 損失
curves-tab-spectrum = スペクトル
curves-tab-use = 使用
curves-tab-movement = 移動
curves-tab-events = 出来事

## ui/panes/events.rs

events-codes-born-solid-died-dashed = 100 ステップ間に生まれたコード（実線）、死んだコード（破線）
events-codes-born-since-the-file-before = 前のファイルから誕生（実線）、死亡（破線）したコード
events-nothing-was-flagged-or-changed = まだ検出も変更もありません。
events-at-step = ステップ { $step }: { $what }
events-a-click-shows-this-step = クリックするとこのステップを表示します。
events-codes = コード { $codes } 個

## ui/panes/flags.rs

flags-at-step = ステップ { $step } で{ $kind }

## ui/panes/headline.rs

headline-cvq-anchors = CVQ アンカー
headline-entropy-penalty = エントロピーペナルティ
headline-by-angle = 角度で照合
headline-rotated-gradient = 勾配の回転
headline-mse-step = {""} · MSE { $mse }（{ $step } 時点）
headline-c-learns-w-learns = C 学習、W 学習
headline-c-learns-w-fixed = C 学習、W 固定
headline-c-frozen-w-learns = C 凍結、W 学習
headline-c-frozen-w-fixed = C 凍結、W 固定
headline-nothing-but-a = { $grid } のみ
headline-codes-that-wait = コード { $codes } 個が待機中
headline-of-codes-in-use = コード { $codes } 個中 { $used } 個が使用中
headline-of-in-use = { $used } / { $codes } 使用中
headline-no-quantization-until-step = ステップ { $last } まで量子化なし{ $error }
headline-mark-lane = レーン { $lane } を選ぶ
headline-mark-lane-with = レーン { $lane }（{ $method }）を選ぶ: コード { $codes } 個中 { $used } 個が使用中、{ $share }
headline-warm-up = ウォームアップ
headline-with = { $what }、{ $remedies }
headline-of-the-last-training-tokens = 直近の学習トークン { $tokens } 個、1コードあたり { $each }{ $error }
headline-of-the-last-tokens = 直近 { $tokens } トークン、1コードあたり { $each }{ $error }
headline-tokens = { $tokens } トークン、{ $each }/コード{ $error }
headline-tokens-a-code = 1コードあたり { $each } トークン{ $error }
counted-judged = { $judgement } · { $counted }
counted-no-quantization = まだ量子化していません
counted-not-saved = このステップは以前のバージョンが保存したため、数えられていません
counted-not-yet = まだ数えていません
counted-as = 数え方: { $rule }
counted-title = 使用中の数え方
counted-with-share = { $rule }: { $share }
counted-by-the-window = 学習トークンのスライディングウィンドウ
counted-by-the-file = ファイルの配列のとおり
headline-mse = {""} · MSE { $mse }

## ui/panes/learn.rs

learn-what-learns = 何が学習するか
learn-a-new-w-gets = 新しい W に渡す
learn-new-gaussian-c-new-w = 正規分布の新しい C と、新しい W、b。表現崩壊したレーンが生き返ります。
learn-c-becomes-the-present-codes = C は現在のコードに、W は単位行列になり、何も跳びません。表現崩壊したコードブックは表現崩壊したままです。
learn-fresh-codes = 新しいコード
learn-its-old-codes = 元のコード
learn-a-w-of-low-rank = 低ランクの W は全コードを少数の方向に押し込むため、コードを元の位置に残せません。
learn-keys-act-on = キーは { $name } に作用します
learn-the-keys-w-and-c = W と C のキーは選択中のレーンに作用します。X で他方を選びます。クリックすると { $name } を選びます。
learn-this-lane-has-fixed-codes = このレーンのコードは固定で、学習するものがありません。下で別の手法を選んでください。
learn-plain-vq-each-chosen-code = 通常のベクトル量子化 (VQ): 選ばれたコードだけが個別に動き、ほかは動きません。
learn-simvq-the-codes-c-are = SimVQ: コード C は凍結され、1つの行列 W（とバイアス b）が全体を動かします: E = C·W + b。
learn-joint-the-codes-c-and = 同時学習: コード C と行列 W がともに学習します。
learn-a-fixed-codebook-only-encoder = 固定コードブック: エンコーダとデコーダだけが学習します。
learn-a-and-b-are-equal = A と B はまったく同じです
learn-a-and-b-differ-in = A と B の違い
learn-from-step = { $lane } ステップ { $step } から: { $text }
learn-all-else-is-equal = ほかはすべて同じです。
learn-all-else-is-equal-but = 照合部の2層を除き、ほかはすべて同じです。
learn-all-else-is-equal-but-2 = 潜在変数の層を除き、ほかはすべて同じです。
learn-data-batches-and-the-initial = データ、バッチ、エンコーダとデコーダの初期値は同じです。
learn-at-once = 即時
learn-fixed = 固定
learn-w-learns = W 学習
learn-w-fixed = W 固定
learn-c-learns = C 学習
learn-c-frozen = C 凍結
learn-these-project = この2層はエンコーダ出力を照合用に射影し、コードを元に戻します。
learn-their-widths-differ = 幅が異なります。
learn-joint = 同時

## ui/panes/cause.rs

map-moved-in-the-last-step = ステップ { $step }、移動: { $codes } 個中 { $moved } 個
map-no-tails = 軌跡なし: K·d = 131,072 まで保持
map-no-w = W: なし、または行列ではない
map-w-of-the-circle = W: |W-I| { $away }、|b| { $bias }、実効ランク { $rank }
map-cells = セル: 最近傍のコード
map-cells-coarse = セル: { $step } 画素ごと（K { $from } 以上）
map-cells-slice = セル: 全次元での最近傍（断面）
map-cells-slice-coarse = セル: 断面、{ $step } 画素ごと（K { $from } 以上）

## ui/panes/slow.rs

slow-press-right = 1ステップを五段階で: Alt+→ を押してください
slow-next-stage = レーン { $lane } のステップの次の段階へ
slow-stage-before = レーン { $lane } のステップの前の段階へ

## ui/panes/slow_words.rs

slow-stage = { $number } / 5: { $name }
slow-stage-encode = 符号化
slow-stage-choose = 最近傍のコード
slow-stage-loss = 損失
slow-stage-pull-on-c = C への勾配
slow-stage-pull-on-w = W への勾配
slow-stage-pull-on-both = C と W への勾配
slow-stage-pull = 更新
slow-stage-after = 前と後
slow-encoding = トークン { $token }: z = { $z }、|z| { $length }
slow-code-at = { $code } 距離 { $distance }
slow-nearest = 最近傍 { $first }
slow-nearest-then = 次に { $others }
slow-chosen-by = 選んだトークン { $companions } 個、バッチで選ばれたコード { $chosen } / { $all }
slow-loss-of-the-token = トークン: 再構成 { $recon }、コードブック { $codebook }
slow-loss-of-the-batch = バッチ: 再構成 { $recon }、コードブック { $codebook }
slow-pull-on-code = コード { $code } への勾配: |∂L/∂e| { $pull }
slow-pull-on-w = |∂L/∂W| { $w }
slow-pull-on-w-and-b = |∂L/∂W| { $w }、|∂L/∂b| { $b }
slow-through-w = 選ばれた { $chosen } 個から W を通って全 { $all } 個へ
slow-not-pulled = { $all } 個中 { $still } 個は選ばれず、勾配なし
slow-no-pull = ここではコードは学習せず、勾配なし
slow-mean = 勾配なし: コード { $code } は { $companions } トークンの平均へ
slow-before = ステップ前
slow-after = ステップ後
slow-code-went = 移動量 { $way }、非選択 { $other }（矢印 ×{ $times }）
slow-code-went-that-far = 移動量 { $way }、非選択 { $other }
slow-few-codes = K { $from } 以上では、拡大図はこのステップのコードだけを示します

## ui/panes/map.rs

map-code-moved-chosen = 直前のステップで選ばれて移動
map-code-moved-shared = 直前のステップで移動（全コードが W を共有）
map-code-moved-carried = 直前のステップで、以前の勾配の残り（モーメント）により移動
map-code-stood-still = 直前のステップでは静止
map-code-chosen-ago = { $steps } ステップ前に選択
map-code-never-chosen = 一度も選ばれていない
map-code = コード { $code }
map-token = マップのトークン { $token }、量子化先 { $code }
map-moved = { $steps } ステップで { $distance } 移動

map-warming-up = 準備中…
map-compiling-kernels = 学習ステップのカーネルをコンパイル中：バッチ、層、探索、損失、勾配、Adam…
map-waiting-for-the-first-file = 最初のファイルを待っています
map-double-click-for-all = ×{ $zoom }、ダブルクリックで全体
map-diverged-at-step-the-loss = ステップ { $step } で発散（直前の状態を表示）
map-code-of-tokens = コード { $code }: { $life }、{ $tokens } トークン中 { $uses }
map-code-of-shares = コード { $code }: { $life }、全使用の { $share }
map-code-of-flags = コード { $code }: { $life }
map-code-of-the-last-training = コード { $code }: { $life }、直近の学習トークン { $tokens } 個中 { $uses }
map-zoom = ×{ $zoom }

## ui/panes/movement.rs

movement-takes-two-points = 移動量は記録の2時点間で求めるため、まだありません。
movement-movement-takes-two-files = 移動量にはファイルが2つ必要です。
movement-of-the-codes-moved-more = コードの { $share } % が { $distance } より大きく移動
movement-distance-moved-log-scale-fastest = 移動量（対数）、速いコードから順に
movement-of-the-codes-moved-in = { $name }{ $steps } ステップでコードの { $share } が移動

## ui/panes/playhead.rs

playhead-back-to-the-live-run = 実行中の学習に戻る
playhead-follow-the-run-again-end = 再び最新に追従します (End)
playhead-train-on-from-this-step = このステップから別の実行として学習を続け、この実行の曲線と並べます (F)
playhead-this-run-is-not-saved = この実行は保存されていないため分岐できません。理由はステータスバーにあります
playhead-fork-here = ここで分岐
playhead-play-back = 再生
playhead-play-the-recording-from-here = ここから記録を再生します (P)。タイムライン上で Shift を押しながらドラッグすると区間を繰り返します
playhead-pace-of-the-playback-in = 毎秒の記録ステップ数で表した再生速度: ドラッグするか、クリックして入力します
playhead-live-steps = 最新は +{ $steps } ステップ
playhead-saved-runs-at-step = 保存された実行のステップ
playhead-pinned-at-step = 固定表示のステップ
playhead-live = 最新
playhead-stop = 停止
pace-suffix = {""} ステップ/秒
playhead-of = / { $steps }

## ui/panes/recon.rs

recon-samples-are-points = 標本は平面上の点です。マップに表示され、再構成はコードそのものです。
recon-reconstructions-of-held-out-images = 学習に使わない画像の再構成{ $of }
recon-mse-a-pixel-over-the = 評価セット { $tokens } トークンでの1画素あたりの MSE（{ $step }）
recon-mse-a-pixel-over-the-2 = 評価セットでの1画素あたりの MSE（{ $step }）
recon-mse-of = MSE（{ $step }）
recon-reconstructions = 再構成{ $of }
of-step = 、ステップ { $step }
recon-lane-step = { $lane } ステップ { $step }
recon-mse = MSE { $mse }

## ui/panes/status.rs

status-memory-of-this-program = このプログラムのメモリ
status-the-device-that-trains-and = 学習するデバイスとその理由
status-the-files-and-who-writes = ファイルとその書き手
status-what-draws-the-window-and = ウィンドウの描画方式とその理由
status-curves-are-bounded-when-a = 曲線の点数には上限があり、満杯になると隣どうしを最小、平均、最大にまとめます。
status-curves-thinned-to-steps-a = 曲線を1点 { $width } ステップに間引き
status-checkpoints-to-fork-from-in = 分岐に使えるチェックポイント: { $number } 個。このフォルダの最大 { $room } MB を使い、満杯になると1つおきに消します。
status-saved-as = { $folder } として保存
status-not-saved = 保存なし
status-every-steps = 、{ $steps } ステップごと
status-pictures-of-mb = 図 { $megabytes } / { $budget } MB{ $thinned }
status-kept-pictures-of-all-views = タイムライン用に残した全表示の図です。満杯になると1つおきに消しますが、変更や検出の前後のものは全体の半分未満である限り残ります。
status-frames-s = { $frames } フレーム/秒
status-click-to-close = （クリックで閉じる）
status-seed = シード { $seed }

## ui/panes/tools.rs

tools-uses-in-the-sliding-window = 学習トークンのスライディングウィンドウでの使用数
tools-uses-on-the-full-evaluation = 評価セット全体での使用数
tools-full-set = 評価セット
tools-most-used-codes-first = 使用の多いコードから順に
tools-by-index = 番号順
tools-codes-in-their-order-in = コードブック内の順に
tools-logarithmic-bars = 棒を対数で表示
tools-pca-of-each-lane-s = 各レーンのコードの PCA（軸が動かないよう向きをそろえます）
tools-keep-the-axes-of-this = 現在の軸を保つ
tools-one-pca-over-the-codes = 両レーンのコードによる1つの PCA
tools-encoder-outputs = エンコーダ出力
tools-never-used = 未使用
tools-not-in-use = 不使用
tools-fell-out = 死んだコード
tools-codes-in-use = 使用中のコード
tools-in-use = 使用中
tools-axes = 軸: { $mode }
tools-axes-live = 更新
tools-axes-fixed = 固定
tools-axes-shared = 共有
tools-how-the-axes-of-the-maps = マップの軸の決め方
tools-window = 直近
tools-sorted = 多い順
tools-log = 対数
tools-bars = 棒: { $how }
tools-what-the-bars-count = マップの下の棒が数えるものと、その並び順
tools-outputs = 出力
tools-code = コード

## ui/panes/top.rs

top-saved-runs-go-on-with = 保存された実行: 続きを学習するか、2つを並べて見ます (O)
top-list-of-keys = キーの一覧 (?)
top-show-curves-and-numbers-at = 右に曲線と数値を表示
top-show-the-controls-at-the = 左に設定を表示
top-the-story-as-it-was = ストーリーの記述どおり
top-the-story-with-seed = ストーリー（シード { $seed }）
top-changed-by-hand = 手で変更
top-play-or-pause-space = 再生または一時停止 (Space)
top-train-one-step-right-arrow = 1ステップ学習（→）
top-the-story-anew-as-it = 記述どおり最初から (R)、次のシードで (Shift+R)、または左の設定で (Ctrl+R)
top-step-of = ステップ { $step } / { $steps }
top-going-to-step-space-stops = ステップ { $step } へ移動中（Space で停止）
top-building-the-run = 実行を構築中…
top-warming-up = 準備中…
top-compiling-kernels = カーネルをコンパイル中…
top-end-of-the-story-play = ストーリーの終わり: 再生で続行
top-every-lane-diverged = 全レーンが発散
top-going-back-of-esc-gives = 戻っています: { $done } / { $of }（Esc で中止）
top-asked-getting-steps-s = 目標 { $asked }、実際 { $rate } ステップ/秒
top-steps-a-second = 毎秒のステップ数
top-view = 表示
top-light = 明
top-dark = 暗
top-as-the-system = システムに合わせる
top-size = 大きさ
top-everything-smaller = 全体を縮小（Ctrl とマイナス）
top-everything-as-usual = 標準の大きさ (Ctrl+0)
top-everything-larger = 全体を拡大（Ctrl とプラス）
top-high-contrast = 高コントラスト
top-black-and-white = 白地に黒、または黒地に白で、線も強くします
top-less-motion = 動きを減らす
top-what-opens-and-scrolls = 開閉とスクロールを瞬時に行います。学習の動きは変わりません
top-full-screen = 全画面表示 (F11)
top-light-or-dark = 明暗、コントラスト、言語、表示の大きさ、動き
top-runs = 実行
top-keys = キー ?
top-numbers = 数値
top-controls = 設定
top-all-stories = すべてのストーリーをカードで表示 (G)
top-pause = 一時停止
top-play = 再生
top-step = 1ステップ
top-restart = 再開始
top-max = 最大
top-pace-key = { $pace }（キー { $key }）
top-steps-s = ステップ/秒
top-stopped = 停止
top-paused = 一時停止中
top-watching = 監視中
top-training = 学習中
top-rate = { $rate } ステップ/秒

## ui/panes/usage.rs

usage-tokens-counted = 計数したトークン { $tokens } 個
usage-last-training-tokens = 直近の学習トークン { $tokens } 個
usage-full-set-of-tokens = 評価セット { $tokens } トークン
usage-no-quantization-until-step = ステップ { $last } まで量子化なし
usage-counted-after-the-first-step = 最初のステップの後に計数
usage-most-used-first = 多い順
usage-by-index = 番号順
usage-codes-uses-in-the = コード { $codes } 個、{ $order } · { $source }での使用数{ $of }
usage-codes-uses-in-the-2 = コード { $codes } 個 · { $source }での使用数{ $of }
usage-fair-share = 均等な割合 { $fair_text }
usage-codes = コード { $codes } 個{ $of }
usage-ceiling = 上限 { $share }
usage-shares = 全使用に占める割合
usage-flags = 使用中かどうか

## ui/panes/use_map.rs

use-map-one-square-a-code-by = 1マスが1コード、番号順（明るさは対数）
use-map-codes-a-pixel-log-uses = { $each } コード/画素、対数{ $way_out }
use-map-use-map = 使用マップ
use-map-code-uses = コード { $code }: 使用 { $uses } 回
use-map-tokens-a-code = { $tokens } トークン / コード
use-map-e-enlarges = 、E で拡大

## ui/panes/watched.rs

watched-waiting-for-the-first-file = { $story } にコードブックのファイル（.safetensors、.npz、.npy、.pt、.ckpt）が現れるのを待っています。
watched-no-file-yet = ファイルなし
watched-age = 監視中・{ $age }前
watched-age-hint = 最新のファイルは{ $age }前に書かれました。
watched-no-answer = { $age }応答なし
watched-no-answer-hint = { $name } の読み込みが{ $age }返ってきません。表示しているのはその前に読んだものです。このままウィンドウを閉じられます。
watched-1-file-cannot-be-used = 1 個のファイルは使えません
watched-files-cannot-be-used = { $n } 個のファイルは使えません
watched-of-codes-used = コード { $size } 個中 { $used } 個を使用
watched-by-tokens-a-code = { $tokens } トークン、1コードあたり { $size }
watched-codes-used = 利用率
watched-share-of-the-codes-with = 使用数が1以上のコードの割合です。
watched-codes-not-in-use = 使われていないコード
watched-k-minus-the-codes-with = K から使用数1以上のコードを引いた数です。数え始める前に使われていたかどうかは、ファイルからは分かりません。
watched-tokens-counted = 計数したトークン
watched-sum-of-the-counts-of = 全コードの使用数の合計です。
watched-number-of-equally-used-codes = 同じ程度に予測しにくい、均等に使われるコードの数: 使用分布のエントロピーの exp です。
watched-quantization-error = 量子化誤差
watched-squared-distance-of-the-file = ファイルの潜在変数から最近傍コードまでの二乗距離を、潜在変数の分散で割った値です。
watched-effective-rank-of-w = W の実効ランク
watched-exp-of-the-entropy-of = 正規化した特異値のエントロピーの exp です (Roy and Vetterli 2007)。
watched-rule-seen = 使用：全トークン
watched-rule-newest = 使用：最新 65,536
watched-rule-average = 使用：移動平均
watched-rule-batch = 使用：均等な割合の 1 %
watched-rule-distinct = 使用：1バッチ
watched-rule-not-told = ファイルからは分かりません。この意味で数える配列がありません。
watched-flag-and-file = { $flag }。{ $file }
watched-no-counts = これらのファイルに使用数はありません
watched-files = ファイル { $n } 個
watched-1-file = ファイル 1 個
watched-codes-cw = コード C·W + b
watched-codebook = コードブック
watched-perplexity = パープレキシティ

## ui/panes/controls.rs

controls-patches-of-photographs = 写真の 8x8 パッチ。1標本が1トークンです。
controls-handwritten-digits = 手書き数字、8x8。1標本が4トークンです。
controls-articles-of-clothing = Fashion-MNIST: 衣類の画像、28x28。1標本が16トークンです。
controls-points-of-the-plane = 平面上の点。1標本は2つの数で1トークンです。雲は自ら動くか、ドラッグで動きます。
controls-settings-of = 設定の対象
controls-learning-rate = 学習率
controls-batch-tokens = バッチトークン
controls-uniform-between-1-k-and = 最初の VQ-VAE と同じ、-1/K から 1/K の一様分布
controls-normal-with-the-standard-deviation = 下の標準偏差による正規分布
controls-k-means-of-the-first = 最初のエンコーダ出力の k-means（ウォームアップがあればその後のもの）
controls-k-means-of-the-images = 画像そのものの k-means（正規分布の初期値と同じ大きさに調整）
controls-only-a-normal-start-or = 標準偏差は、正規分布または特徴による初期値にだけあります。
controls-std-of-c = C の標準偏差
controls-restart-with-these-settings = この設定で再開始
controls-from-step-0-so-that = ステップ 0 から再開始し、「再開始」の印の設定を反映します (Ctrl+R)
controls-from-step-0-with-everything = ステップ 0 から、ここの設定すべてで再開始します (Ctrl+R)
controls-both = 両方
controls-normal = 正規分布
controls-features = 特徴

## ui/panes/method.rs

method-this-lane-has-fixed-codes = このレーンのコードは固定で、動かすものも引くものもありません。
method-encodings-are-quantized-from-the = 最初のステップから量子化します
method-the-autoencoder-trains-without-quantization = 最初の { $steps } ステップは量子化せずにオートエンコーダを学習します
method-a-grid-has-no-use = 格子には不要です。広げるものがありません。
method-c-does-not-learn-by = ここでは C は勾配で学習しません
method-rate-of-c = C の学習率
method-nothing-here-keeps-moving-averages = 移動平均を使うものがありません。コードは勾配で動き、維持の仕組みもありません。
method-nothing-revives-codes-here = コードを復活させる仕組みがありません
method-revive-below = 復活のしきい値
method-codes-move-by = コードの更新
method-to-the-encoder = エンコーダへ
method-entropy-penalty = エントロピー項
method-form-of-w = W の形
method-any-matrix-turns-stretches-and = 任意の行列: 回転、伸縮、鏡映ができます (SimVQ)
method-stretches-each-axis-on-its = 各軸を個別に伸縮し、回転はできません
method-low-rank = 低ランク
method-squeezes-all-codes-into-a = 全コードを少数の方向に押し込みます
method-a-perceptron-in-the-place = W の代わりのパーセプトロン: コードの配置を曲げられます
method-rank-of-w = W のランク
method-the-code-at-the-least = ユークリッド距離が最小のコード
method-encodings-and-codes-have-length = エンコーダ出力とコードの長さを 1 にし、角度で決めます
method-nearest-by = 近さの尺度
method-to-numbers = { $width } 次元へ
method-two-linear-layers-project-encodings = 2つの線形層が照合前にエンコーダ出力を射影し、照合後にコードを戻します
method-encodings-are-looked-up-as = エンコーダ出力をそのまま照合します
method-no-grid = 格子なし
method-the-codes-of-this-lane = このレーンのコードは格子ではありません。格子を持つ手法は FSQ と LFQ です。
method-fixed-codes = 固定コード
method-sets-every-switch-below-what = 下のすべての項目、学習対象、コードの初期値を設定します。すべて学習中に切り替えられる場合は次のステップで、そうでなければ次の再開始で反映します。
method-a-published-method-is-a = 発表された手法は、これらの項目の組み合わせです
method-each-switch-by-itself-a = 項目ごとに設定。手法を選ぶとすべて設定します
method-cvq = CVQ
method-bias = バイアス
method-no = しない
method-grid-codes = { $grid }: コード { $codes } 個
method-changed = { $preset }（変更あり）
method-choose = 選択…
method-unlike = { $preset } との違い: { $left }

## ui/panes/spectrum.rs

spectrum-no-spectrum-neither-w-nor = スペクトルなし: W も潜在変数もありません。
spectrum-lines-std-on-principal-axes = 線: 主軸上の標準偏差（出力）、破線: コード
spectrum-bars-singular-values-of-w = 棒: W の特異値（大きい順）
spectrum-no-w-in-this-file = このファイルに W なし
spectrum-no-latents = { $w }、潜在変数なし
spectrum-effective-rank-of-w-of = W の実効ランク { $rank } / { $d }
spectrum-fixed-codes-no-w = 固定コードのため W なし
spectrum-a-perceptron-in-the-place = W の代わりにパーセプトロン
spectrum-w-is-fixed-at-the = W は単位行列に固定
spectrum-sigma-of-w = W の σ{ $number } = { $value }

## ui/panes/timeline.rs

timeline-above-utilization = 上: 利用率
timeline-above-utilization-training-tokens-a = 上: 利用率（1コードあたり学習トークン ≤ { $tokens }）
timeline-utilization-training-tokens-a = 利用率（1コードあたり学習トークン ≤ { $tokens }）
timeline-above-utilization-as-counted-in = 上: 各ファイルの計数による利用率
timeline-above-utilization-by = 上: 利用率（{ $rule }）
timeline-below-their-perplexity-log-scale = 下: パープレキシティ（対数）
timeline-below-mse-on-the-full = 下: 評価セットの MSE（点）、各バッチ（細線）、対数
timeline-not-reached-yet = {""}（未到達）
timeline-used-perplexity = : 利用率 { $share }、パープレキシティ { $perplexity }
timeline-no-quantization-yet = まだ量子化なし
timeline-window-full-set = 直近 { $window }、評価セット { $full }
timeline-full-set-of-step = {""}（評価セットはステップ { $last }）
timeline-mean-of-steps = {""}（{ $width } ステップの平均）
timeline-lane-figures = { $lane }: バッチ MSE { $batch }、{ $used }、MSE { $full }{ $of }
timeline-metric = 、{ $name } { $value }
timeline-window-and-full-set = 直近: 1コードあたり最大 { $window } トークン、評価セット: { $full }

## ui/panes/numbers.rs

numbers-full-set-of = 評価セット: { $step }
numbers-file = ファイル
numbers-with-equal-codes = { $tokens } トークンは1コードあたり { $each } です。どのコードも等確率なら { $share } を使います (1-(1-1/K)^N)。

## ui/state/transport.rs

notice-the-story-starts-anew-as = ストーリーを記述どおり最初から始めます。Ctrl+Z で設定が戻ります

## ui/state/undo.rs

notice-nothing-was-changed-that-could = 元に戻せる変更はありません
notice-done-again = やり直しました
notice-nothing-was-undone-that-could = やり直せる操作はありません
notice-it-acts-at-the-next = （次の再開始で反映）
notice-the-codes-are-not-those = （コードは以前のものではありません。以前のステップからの分岐 (F) なら残っています）
notice-and-more = ほか { $changed } 件
notice-undone = 元に戻しました
notice-was = { $now }（変更前 { $before }）

## ui/widgets

fields-acts-at-the-next-step = 次のステップで反映します
fields-acts-at-the-next-restart = 次の再開始で反映します。それまでは何も変わりません

## ui/panes/spoken.rs

spoken-lane = レーン { $lane }
spoken-the-file = ファイル
spoken-map = { $lane }のコードマップ: コード { $codes } 個中 { $used } 個が使用中、{ $fallen } 個が死んだコード、{ $never } 個が未使用。エンコーダ出力 { $outputs } 個
spoken-map-of-a-file = { $lane }のコードマップ: コード { $codes } 個中 { $used } 個が使用中。エンコーダ出力 { $outputs } 個
spoken-map-of-codes-alone = { $lane }のコードマップ: コード { $codes } 個（使用数なし）。エンコーダ出力 { $outputs } 個
spoken-bars = { $lane }のコードの使用数: { $tokens } トークンが { $codes } 個中 { $used } 個のコードを選択、最多は { $most } 回
spoken-bars-of-shares = { $lane }のコードの使用割合: { $codes } 個中 { $used } 個のコードが使用中、最多は { $most }
spoken-bars-of-flags = { $lane }で使用中の印があるコード: { $codes } 個中 { $used } 個
spoken-bars-of-nothing = { $lane }のコードの使用数: まだ数えていません
spoken-caption = 説明文: { $text }
spoken-headline = レーン { $lane }、{ $method }: { $share }、{ $counted }
spoken-headline-of-nothing = レーン { $lane }、{ $method }: まだ何も数えていません
spoken-notes = 発表者ノート: { $text }
spoken-no-note = 発表者ノート: この場面にはなし
spoken-progress = ストーリーの進行: ステップ { $step } / { $steps }、場面 { $told } / { $beats }
spoken-slow = レーン { $lane } の1ステップをゆっくり、段階 { $stage }: { $lines }
spoken-recon = 学習に使わない画像 { $number } 枚の再構成: { $errors }
spoken-error = レーン { $lane } の MSE { $mse }
spoken-timeline = タイムライン、ステップ { $step } / { $steps }: { $lanes }
spoken-newest = レーン { $lane } の利用率 { $used }、MSE { $mse }
spoken-newest-of-a-file = 利用率 { $used }、パープレキシティ { $perplexity }
spoken-number = { $name }: { $figures }

## ui/panes/help.rs

setting-method = 手法
setting-commitment = コミット β
setting-codes = コード数 K
setting-width = 幅 d
setting-initial = C の初期値
setting-upkeep = コードの維持
setting-decay = 減衰率
setting-projected = 射影
setting-warm-up = ウォームアップ
setting-data = データ
setting-seed = シード
help-method = 発表された手法は、下のすべての項目、学習対象、コードの初期値を設定します。その後の変更は名前の横に示します。
help-learning-rate = Adam が1ステップで重みとコードを動かす大きさで、θ ← θ - η m̂ / (√v̂ + ε) の η です。学習率が大きすぎると、コードが追いつく前にエンコーダ出力がコードから離れます。
help-commitment = エンコーダ出力をコードへ引き寄せるコミットメント損失の重みで、L = |x̂ - x|² + |sg(z) - q|² + β |z - sg(q)|² の β です。ないとエンコーダ出力がコードブックから離れることがあり、大きすぎるとエンコーダが学習しなくなります。
help-codes = 選べるコードの数 K で、1トークンが運ぶのは最大 log₂ K ビットです。通常の VQ ではコードを増やすと死んだコードが増え、SimVQ では誤差が減ります。
help-width = コードとエンコーダ出力の次元 d です。1トークンに K·d 回の乗算がかかり、高次元では何かの最近傍になるコードが減ります。
help-initial = 最初のステップの前のコード C の位置です。エンコーダ出力から離れて固まったコードは最近傍になりにくく、ほとんどが学習しません。
help-std = 初期の C の数値の標準偏差 σ で、C ~ N(0, σ²) です。エンコーダ出力の広がりと同程度のときに適しています。
help-fixed-codes = コードブックの代わりの格子で、d 個の数をそれぞれ L 段階に丸め、K = L₁·L₂·…·L_d となります。学習するものがないため表現崩壊もしませんが、エンコーダが格子を満たす必要があります。
help-batch = 1ステップでコードを選ぶトークンの数 N です。均等に使われるコードがバッチ全体で一度も選ばれない確率は (1 - 1/K)^N です。
help-update = コードを |sg(z) - e|² の勾配で動かすか、そのコードを選んだエンコーダ出力の移動平均 e = m / n とします。どちらも選ばれたコードだけを動かします。
help-upkeep = 選ばれないコードへの処置で、何もしない、ランダムなエンコーダ出力へ移す（復活）、最近傍のエンコーダ出力へ寄せる (CVQ) のいずれかです。毎ステップ、平均使用数の少ないコードに働きます。
help-decay = 移動平均が1ステップで残る割合で、n ← γ n + (1 - γ) n_batch の γ です。およそ 1 / (1 - γ) バッチを記憶します。
help-revive-below = コードの平均使用数が均等な割合 N/K のこの倍率を下回ると復活させます。大きくすると復活が増え、使用中のコードまで移すことがあります。
help-estimator = コードの選択は勾配を通さないため、エンコーダはコードの勾配を受け取ります。そのまま ∂L/∂z = ∂L/∂q とする（ストレートスルー）か、z と q の位置関係に合わせて回転と伸縮を施し、後者では同じセルのエンコーダ出力が一律でなく互いに離れたり近づいたりします。
help-entropy = 各選択が明確で、かつ全コードが使われることを促す損失 λ (E[H(p)] - H(E[p])) の重み λ です。エンコーダは画像に加えてこれにも応じるため、大きいと誤差が増えます。
help-code-rate = レーンの学習率に対する C の学習率の比で、η_C = 比 · η です。W も学習するとき、動きのどれだけを個々のコードに任せるかを決めます。
help-transform = E = C·W + b で W が取りうる行列の形と、b の有無です。全コードが共有するため、選ばれた1つのコードが全体を動かします。
help-lookup = 「最も近い」の意味で、最小の距離 argmin |z - e|² か、最小の角度 argmax z·e / (|z| |e|) です。角度ではコードとエンコーダ出力が球面上にあり、長さは関係しません。
help-projected = 線形層が照合前にエンコーダ出力をより少ない次元に移し、別の層がコードを元に戻します。次元が少ないほど、何かの最近傍になるコードが増えます。
help-warm-up = このステップ数の間、量子化なしで (q = z) オートエンコーダを学習します。その後、コードは落ち着いたエンコーダ出力から始まります。
help-data = 両レーンが学習する画像で、トークンに分割します。評価と表示に使う画像とは1画素も共有しません。
help-seed = 重み、コード、データの順序など、この実行のすべての乱数の元です。同じデバイスで同じシードなら、1ビットも違わない同じ実行になります。

## ui/state/playback.rs

notice-this-run-is-not-saved = この実行は保存されていないため分岐できません。理由はステータスバーにあります

## ui/state/shelf.rs

notice-no-thread-could-be-started = 読み込み用のスレッドを開始できません
notice-the-list-could-not-be = 一覧を読めません
notice-runs-of-this-window-are = このウィンドウの実行は保存されません

## ui/input/pictures.rs

notice-copied-a-picture-of-the = ウィンドウの画像をコピーしました（{ $width } x { $height } 画素）
notice-no-panel-is-under-the = ポインタの下にパネルがありません。パネルを指すか、Shift+S でウィンドウを保存してください
notice-no-picture-was-saved-no = 画像を保存できません: スレッドを開始できません ({ $error })
notice-no-picture-was-saved-it = 画像を保存できません: 途中で切れていました。もう一度お試しください
notice-no-picture-was-saved-try = 画像を保存できません ({ $why })。もう一度お試しください
notice-saved-x-pixels = { $file } を保存しました（{ $width } x { $height } 画素）
notice-cannot-be-written-start-vqscope = { $file } に書き込めません ({ $error })。ご自分のフォルダで vqscope を起動してください
notice-there-are-pictures-already-move = { $name } の画像がすでに { $most } 枚あります。先に別のフォルダへ移してください

## ui/input/commands/run.rs

notice-no-panel-is-under-the-2 = ポインタの下にパネルがありません。パネルを指して E を押してください
notice-no-pane-that-can-be = ポインタの下に隠せる区画がありません。区画を指して H を押してください
notice-everything-at-percent = 全体を { $percent } % で表示しています。Ctrl+0 で 100 % に戻ります

## Questions of a story

lesson-choice-right = 予想は「{ $guess }」、実際は { $truth } で、正解です。
lesson-choice-wrong = 予想は「{ $guess }」でしたが、実際は { $truth } です。
lesson-number-exact = { $lane }: 予想は { $guess } で、そのとおりです。
lesson-number = { $lane }: 予想は { $guess }、実際は { $truth } です。
lesson-guess-first = まず予想してください。Space で予想せずに進めます。
top-waits-for-your-guess = 予想を待機中。Space で省略
top-waits-for-you = 操作を待機中。Space で省略
top-waits-for-the-reader = 読む時間です。Space で進みます
lesson-guess = 予想する
lesson-guess-hint = これを予想とします (Enter)
lesson-skip = そのまま進む (Space)
lesson-skip-hint = この質問を飛ばして学習を続けます
lesson-hands = 挙手 { $hands } 人
lesson-draw = 下のタイムラインの空のグラフに、マウスで予想を描いてください。
lesson-curve-of = { $lane } の曲線
lesson-again = 描き直す
lesson-look-at-step = ステップ { $step } を見る
lesson-put-away = 片付ける (Esc)
lesson-draw-here = ここに予想を描く
lesson-beat-ahead = ストーリーはステップ { $step } で続きます
lesson-end = ストーリーの終わり
lesson-right = 予想 { $of } 件中 { $right } 件が正解
lesson-surprise = 意外だった点: { $sentence }
lesson-next-story = 次: { $title }
lesson-covered = 予想するまで隠しています
lesson-question-waits = 質問があります
lesson-your-guess = あなたの予想

## Handouts

handout-title = どうなると思いますか
handout-guess-first = 答えを開く前に予想してください。
handout-drawn = 会場で描き込んだもの
handout-drawn-at = ステップ { $step }
handout-answer = 答え
handout-report = 実行の報告書（すべての答え付き）
handout-not-reached = { $lane }: ステップ { $step } の前に実行が終わりました。
handout-choice-is = { $lane }: { $choice }（ステップ { $step } で { $truth }）。
handout-it-is = { $lane }: ステップ { $step } で { $truth } です。

## The palette of commands

palette-hint = コマンド、または設定（例: lr 0.01, b init kmeans, method fsq）
palette-nothing = 一致するものがありません
palette-of-lane = （レーン { $lane }）
palette-of-both = （両レーン）
palette-set = { $name } = { $value }{ $of }
palette-setting = { $name }（{ $key }）
palette-range = { $low } から { $high }
palette-above = { $low } より大きく { $high } 以下
palette-below = { $low } 以上 { $high } 未満
palette-from = { $low } 以上
palette-and-more = { $values } ほか { $count } 個
palette-live = 次のステップから
palette-restarts = 最初から学習し直す
palette-no-other = 今と同じ
palette-refused = 設定できません:

## The presenter

present-codes-in-use = コード { $size } 個中 { $used } 個が使用中
present-last-tokens = 直近 { $tokens } トークン
present-not-there-yet = ストーリーはまだそこまで進んでいません。
present-no-such-beat = その番号の場面はありません。
present-question-ahead = ステップ { $step } に質問があります
present-go-to = 場面 { $digits } へ
present-guess = 予想 { $digits }
present-hands = 答え { $choice } の挙手: { $digits }
present-hands-so-far = 挙手: { $hands }
present-in-time = 予定どおり
present-hurry = 急いでください
present-slow-down = 時間があります
present-left = 残り { $time }
present-next = 次
present-speaker-window = vqscope - 発表者
present-key-space = 再生または一時停止、予想せずに進む
present-key-next = ストーリーを進める
present-key-back = 前の文
present-key-w = レーン A に行列 W を与える、または外す
present-key-stages = 一ステップを段階ごとにゆっくり示す（次へ、前へ）。Escで片付ける
present-key-back-to-story = ストーリーに戻る：変更した所から、書かれたとおりに
present-is-as-written = 変更はありません。書かれたとおりのストーリーです
present-play = 再生
present-pause = 一時停止
present-beat-before = 前の場面
present-beat-next = 次の場面
present-back-to-story = ストーリーに戻る
present-black = 黒い画面
present-minutes = 全体の分数
present-clock-again = 時計を 0:00 から
present-key-choose = 答えを選ぶ
present-key-number = 予想の数値
present-key-hands = 挙手を数える: 答えごとに人数と Enter
present-key-freeze = 図を静止（学習は続行）
present-key-zoom = ポインタの位置を拡大
present-key-draw = ペン、点
present-key-wipe = 描いたものを消す
present-key-black = 黒画面
present-key-go-to = 話した場面へ番号で戻る、全場面の一覧
present-key-notes = ノートを別ウィンドウ、下、または非表示に
present-key-projector = 明暗の切り替え、高コントラスト、コントラストを上げる（Shift+C で下げる）、明るく、暗く
present-key-palette = 任意のコマンドや設定
present-key-leave = 終了
top-stories-are-told-as = ストーリーの進め方
top-film = 映画
top-film-hint = 待たずに進みます。質問はしばらく表示し、答えは実行が示します
top-lecture = 講義
top-lecture-hint = 予想と、文を読む時間を待って学習を進めます
top-free = 自由
top-free-hint = 学習は何も待たず、質問もしません
top-present = 発表 (F5)
lesson-it-is = { $lane }: 実際は { $truth } です。

## record/event/told.rs

list-separator = {"、"}
event-of-lane = { $lanes }: { $what }
event-two-lanes = { $a } と { $b }
event-before = 変更前: { $what }
event-quantization-begins = 量子化を開始
event-axes-live = 軸: レーンごとに、向きをそろえて更新
event-axes-fixed = 軸: 現在のものに固定
event-axes-shared = 軸: 両レーンで共有
event-collapse = { $lane } で表現崩壊が起きました: { $steps } ステップの間、使用中のコードが { $bound } % 未満です（現在は { $size } 個の { $now } %）
event-recovery = { $lane } が回復しました: { $steps } ステップの間、コードの { $bound } % 以上が使用中です（現在は { $size } 個の { $now } %）
event-saturation = { $lane } は飽和しています: { $steps } ステップの間、コードの { $bound } % 以上が使用中です（現在は { $size } 個の { $now } %）
event-collapse-of-files = コードブックに表現崩壊が起きました: { $files } ファイル続けて使用中のコードが { $bound } % 未満で、現在は { $size } 個の { $now } % です
event-recovery-of-files = コードブックが回復しました: { $files } ファイル続けて { $bound } % 以上のコードが使用中で、現在は { $size } 個の { $now } % です
event-saturation-of-files = コードブックが飽和しています: { $files } ファイル続けて { $bound } % 以上のコードが使用中で、現在は { $size } 個の { $now } % です
event-runaway-of-files = エンコーダが暴走しています: ファイルの潜在ベクトルの RMS ノルムが { $norm } で、ステップ { $since } の { $growth } 倍です
event-runaway = { $lane } のエンコーダが暴走しています: エンコーダ出力の RMS ノルムが { $norm } で、ステップ { $since } の { $growth } 倍です
event-learns-nothing = { $lane } は何も学習していません: MSE は { $error } で、学習セットの平均画像だけでも { $mean } です
event-diverged = { $lane } はステップ { $step } で発散しました: { $broken }。学習率は { $lr } でした
event-diverged-after-norm = { $lane } はステップ { $step } で発散しました: { $broken }。学習率は { $lr }、エンコーダ出力の RMS ノルムの最大値は { $norm }（ステップ { $at }）でした
event-is-infinite = { $term }が無限大
event-is-not-a-number = { $term }が非数 (NaN)
event-sum-of-the-loss = 損失の総和
event-reconstruction-loss = 再構成損失
event-codebook-loss = コードブック損失
event-commitment-loss = コミットメント損失
event-older = { $file } は { $newer } より前に書かれているため、前の学習のものです
event-entropy-penalty = エントロピーペナルティ

## record/event/reading.rs

reading-use = { $judgement }：{ $size } 個のコードのうち { $used } 個が使われています（{ $how }）。
reading-use-alone = { $size } 個のコードのうち { $used } 個が使われています（{ $how }）。
reading-no-use = { $size } 個のコードのうちどれが使われているかは分かりません：{ $how }。
reading-space = {""}
reading-file = 次元数 { $dim }、{ $file }。
reading-file-level = 段 { $level }（0 から { $last } まで）、次元数 { $dim }、{ $file }。
lookup-l2 = L2 距離
lookup-cosine = コサイン
lookup-dot = 内積
lookup-logits = ロジット
lookup-assumed = { $lookup }（仮定。--lookup で指定できます）
counts-in-file = { $array } の使用数による
counts-averages = 移動平均 { $array } による
counts-averages-replaced = 移動平均 { $array } による。うち { $replaced } 個は死んだコードの代わりに置かれたコード
counts-flags = フラグ { $array } による
counts-indices = { $array } にある最新のインデックス { $n } 個による
counts-here = 潜在変数 { $latents } 個をそれぞれ { $lookup } で最も近いコードに数えたもの
counts-here-sample = 潜在変数 { $of } 個から均等に選んだ { $latents } 個をそれぞれ { $lookup } で最も近いコードに数えたもの
counts-never = { $array } はすべてのコードで { $value } なので一度も数えられておらず、数えられる潜在変数もありません
counts-no-number = { $array } にはどのコードの有限な数値もありません
counts-no-indices = { $array } の数 { $of } 個のうち { $n } 個が 0 以上の整数でないため、インデックスとしては数えていません
counts-no-code = 有限なコードがないため、潜在変数はどれも選びません
counts-logits = コードは線形層で選ばれるため、潜在変数からは分かりません
counts-unknown = このファイルには使用数も、数えられる潜在変数もありません
note-turned = ファイルではコードが列に並んでいたため、転置しました。
note-fewer-codes-than-width = コード数が次元数より少なくなっています。--transpose で転置できます。
note-copy-left-aside = ファイルにあるモデルの二つ目の複製は使っていません。
note-relu = パーセプトロンは層の間を ReLU として計算しています。
note-before-map = コードにかかるネットワークはここでは計算せず、その前のコードを表示しています。
note-usage-by-shape = 使用数の配列は形だけで選びました。--usage で別の配列を指定できます。
note-all-equal = すべてのコードが等しくなっています。
note-young = 移動平均には初期値が残っており、それを差し引いています。
note-comb = 256 を超えるインデックスがすべて偶数です。bfloat16 では奇数を表せないため、一つおきのコードが未使用に見えます。
note-beyond = 最後のコードを超えるインデックスがあり、数えていません。
note-other-scale = コードと潜在変数の長さが千倍以上違います。
note-two-groups = wav2vec 2.0 と同じく、配列には二つのグループが続けて入っています。
note-beside-each-other = 並んで置かれたコードブックがあります。それぞれがすべての潜在変数を受け取り、次のものへは何も残しません。
note-not-passed-on = 前の段が潜在変数から残すものは分かりません。
note-latents-aside = 潜在変数の次元数は { $width } で、このコードの { $dim } と異なるため、使っていません。
note-latents-not-finite = { $of } 個の潜在変数のうち { $n } 個は有限でないため、除きました。
note-not-indices = インデックス { $of } 個のうち { $n } 個は 0 以上の整数でないため、除きました。
note-use-not-finite = { $n } 個のコードは使用数が有限でなく、使われているかどうか分かりません。使用中には数えていません。
note-map-not-finite = ファイルでは有限なコードが、写像の後では有限でなくなっています。

## record/judgement.rs

judgement-total-collapse = 完全な表現崩壊
judgement-too-few-tokens = トークンが少なすぎて判断できません（この数で見えるのは最大 { $share }）
judgement-all-that-can-show = この数のトークンで見えるものすべて
judgement-even = 均等な利用
judgement-uneven = 偏った利用
judgement-concentrated = 集中した利用
judgement-name-total-collapse = 完全な表現崩壊
judgement-name-too-few-tokens = トークン不足
judgement-name-all-that-can-show = 見えるものすべて
judgement-name-even = 均等
judgement-name-uneven = 偏り
judgement-name-concentrated = 集中
judgement-few-of-small = コード { $size } 個中 { $used } 個が使用中で、この数のトークンで見える { $ceiling } の { $share } 未満です。これほど少ないコードでは検出の対象になりません。
judgement-bound-total-collapse = 使われているコードが 1 個です。
judgement-bound-too-few-tokens = 数えたトークンがコードあたり 10 個未満です。
judgement-bound-all-that-can-show = 使われているコードが、等確率のコードをこの数のトークンで見たときに見える数の 99 % 以上です。
judgement-bound-even = パープレキシティが K/4 以上です。
judgement-bound-uneven = パープレキシティが K/20 以上、K/4 未満です。
judgement-bound-concentrated = パープレキシティが K/20 未満です。
rule-seen = 数えたすべてのトークンで一度でも選ばれたもの
rule-newest = 最新の 65,536 トークンで選ばれたもの
rule-average = バッチの移動平均が 0.08·N/K 以上のもの
rule-batch = 1バッチで 0.01·N/K 以上のもの
rule-distinct = 1バッチで一度でも選ばれたもの

## record/event/mod.rs

event-kind-change = 変更
event-kind-view = 表示
event-kind-caption = 解説
event-kind-diverged = 発散
event-kind-collapse = 表現崩壊
event-kind-recovery = 回復
event-kind-saturation = 飽和
event-kind-runaway = エンコーダの暴走
event-kind-learns-nothing = 学習なし
event-kind-unreadable = 読み込み不可

## scenario/setting.rs

setting-made-lr = 学習率 { $value }
setting-made-beta = コミットメント損失の重み { $value }
setting-made-fresh = { $method }、コードブックは新規
setting-made-kept = { $method }、コードブックは維持
setting-made-by-gradient = コードを勾配で更新
setting-made-as-averages = コードを移動平均で更新
setting-made-upkeep = コードの維持: { $value }
setting-made-decay = 移動平均の減衰率 { $value }
setting-made-revive-below = 均等な割合の ×{ $value } 未満で復活
setting-made-entropy = エントロピーペナルティ ×{ $value }
setting-made-estimator = エンコーダへの勾配: { $value }
setting-made-c-lr = C の学習率 ×{ $value }
setting-codes-move-by = コードの更新
setting-revival-below = 復活のしきい値
setting-entropy = エントロピー
setting-to-the-encoder = エンコーダへ
setting-rate-of-c = C の学習率
setting-none = なし
setting-cloud-x = 雲の右への移動
setting-made-cloud-x = 雲を経路から右へ { $value }
setting-cloud-y = 雲の上への移動
setting-made-cloud-y = 雲を経路から上へ { $value }
setting-cloud-angle = 雲の回転
setting-made-cloud-angle = 雲を { $value }° 回転
setting-cloud-scale = 雲の拡大
setting-made-cloud-scale = 雲を ×{ $value } に拡大

## scenario/method.rs

method-gradient = 勾配
method-averages = 移動平均
method-revival = 復活
method-cvq-anchors = CVQ アンカー
method-straight = ストレートスルー
method-rotated = 回転
method-joint = 同時学習
method-fixed-codebook = 固定コードブック
method-grid = 格子 { $levels }
method-signs = 符号 { $bits } 個

## record/metric/mod.rs

unit-fraction-of-the-codes = 全コードに対する割合
unit-codes = コード
unit-tokens = トークン
unit-mean-squared-error-a-pixel = 1画素あたりの平均二乗誤差
unit-of-the-variance-of-the-encodings = エンコーダ出力の分散に対する比
unit-dimensions = 次元
unit-a-pixel = 1画素あたり
metric-mse = MSE（評価）
metric-mse-hint = 再構成の1画素あたりの平均二乗誤差、|x̂ - x|² の平均です。学習に使わない画像で数えます。
metric-psnr = PSNR（評価）
metric-psnr-hint = その誤差の、最大値 1 に対するデシベル値、10 log₁₀(1 / MSE) です。誤差が十分の一になると 10 dB 増えます。
metric-quantization-error = 量子化誤差
metric-quantization-error-hint = エンコーダ出力からコードまでの二乗距離を、エンコーダ出力の分散で割った値、Σ|z - q|² / Σ|z - mean z|² です。すべてがコードの上にあれば 0 、平均の一つのコードがすべてを受け持つなら 1 となります。
metric-rank-of-e = E の実効ランク
metric-rank-of-e-hint = コードブックが占める方向の数で、平均を引いた全コードの、正規化した特異値 (Roy and Vetterli 2007) のエントロピーの exp です。最大で d となります。
metric-axes-of-e = E の軸 90、99 %
metric-axes-of-e-hint = コードの分散の 90 % および 99 % を占める主軸の最小本数です。コードが少数の方向に並んでいれば、どちらも小さくなります。
metric-dimensions-for-90 = 90 % の次元数
metric-for-99 = 99 % では
metric-moved = 移動したコード

## record/life.rs

life-in-use = 使用中
life-fell-out = 死んだコード
life-never = 未使用のコード
life-not-in-use = 不使用のコード
life-codes = { $life } { $codes } 個

## analysis/figures.rs

figure-step = ステップ { $step }
figure-steps = ステップ { $all }
list-and = {" と "}
figure-used-batch = 利用率、バッチ { $tokens }
figure-used-last = 利用率、直近 { $tokens }
figure-used-full = 利用率、評価 { $tokens }
figure-used-newest = 利用率（最新 { $tokens }）
figure-used-average = 利用率（バッチの平均）
figure-used-fair = 利用率（均等な割合の 1 %）
figure-used-batch-hint = 最新のバッチの N 個のトークンが選んだコードの割合、使用数 / K です。トークンの少ないバッチは多くのコードを使えません。
figure-used-last-hint = 学習トークンのスライディングウィンドウで一度でも選ばれたコードの割合、使用数 / K です。毎ステップ数えます。
figure-used-full-hint = 評価セット全体で一度でも選ばれたコードの割合、使用数 / K です。学習はこれらのトークンを使いません。
figure-used-newest-hint = 最新の 65,536 個の学習トークンで一度でも選ばれたコードの割合で、使用数 / K です。65,536/K を超えることはなく、数えたトークンが少ないうちは分かることも少なくなります。
figure-used-average-hint = バッチごとの回数の移動平均（減衰率 0.99）が 0.08·N/K 以上であるコードの割合です。N はバッチのトークン数で、バッチが少ないうちは重み付きの平均です。
figure-used-fair-hint = 最新のバッチの N 個のトークンのうち 0.01·N/K 以上に選ばれたコードの割合です。それより少なく選ばれたコードは使用中に数えません。
figure-fell-out-hint = 以前のステップで学習トークンに選ばれ、スライディングウィンドウでは選ばれていない、死んだコードです。近くに来たエンコーダ出力か、全コードを動かす変更だけが呼び戻せます。
figure-never-hint = コードブックができてから一度も学習トークンに選ばれていないコードです。死んだのではなく、選ばれたことがありません。
figure-unused-hint = K から評価セット全体が選んだコードを引いた数です（ファイルでは dead_codes）。使われなくなったものも、一度も使われていないものも含みます。
figure-perplexity-hint = 同じ程度に予測しにくい、均等に使われるコードの数で、使用割合 p について exp(-Σ p log p) です。全コードが均等なら K、一つがすべてを受け持つなら 1 となります。
figure-rank-of-w-hint = W が伸ばす方向の数で、正規化した特異値 s について exp(-Σ s log s) です (Roy and Vetterli 2007)。すべて等しければ d、一つだけ残れば 1 となります。
figure-unused = 不使用（評価）
figure-perplexity = パープレキシティ
figure-rank-of-w = W の実効ランク

## analysis/detect/mod.rs

detect-turnover = 誕生と死: スライディングウィンドウで現在使用中だが 100 ステップ前はそうでなかったコードと、その逆を、100 ステップごとに数えます。新しいコードブックは使用なしから始まります。
detect-collapse = 表現崩壊: 学習トークンのスライディングウィンドウで、サンプリング上限に対して使用中のコードが { $steps } ステップ続けて { $share } % 未満（{ $codes } 個以下のコードでは 2 個未満）で、終わりの値が始めの値を上回らないこと。ウィンドウは、満杯か1コードあたり { $tokens } トークンになると有効です。
detect-recovery = 回復: 表現崩壊の後、学習トークンのスライディングウィンドウで、サンプリング上限に対して { $steps } ステップ続けてコードの { $share } % 以上が使用中であること。ウィンドウは、満杯か1コードあたり { $tokens } トークンになると有効です。
detect-saturation = 飽和: 学習トークンのスライディングウィンドウで、サンプリング上限に対して { $steps } ステップ続けてコードの { $share } % 以上が使用中であること。ウィンドウは、満杯か1コードあたり { $tokens } トークンになると有効です。{ $steps } ステップ続けて { $again } % を下回ると、再び検出します。
detect-runaway = エンコーダの暴走: 評価セットでのエンコーダ出力の RMS ノルムが、直近 { $steps } ステップの最小値の { $growth } 倍以上であること。{ $again } 倍未満になると、再び検出します。
detect-collapse-of-files = 表現崩壊: { $files } ファイル続けて、サンプリング上限に対して使用中のコードが { $share } % 未満（{ $codes } 個以下のコードでは 2 個未満）で、最後の値が最初の値を上回らないこと。1コードあたり { $tokens } トークンあるか、数を示さないファイルが有効です。
detect-recovery-of-files = 回復: 表現崩壊の後、{ $files } ファイル続けて、サンプリング上限に対してコードの { $share } % 以上が使用中であること。1コードあたり { $tokens } トークンあるか、数を示さないファイルが有効です。
detect-saturation-of-files = 飽和: { $files } ファイル続けて、サンプリング上限に対してコードの { $share } % 以上が使用中であること。1コードあたり { $tokens } トークンあるか、数を示さないファイルが有効です。{ $files } ファイル続けて { $again } % を下回ると、再び検出します。
detect-runaway-of-files = エンコーダの暴走: ファイルのエンコーダ出力の RMS ノルムが、その前の { $files } ファイルの最小値の { $growth } 倍以上であること。{ $again } 倍未満になると、再び検出します。
detect-turnover-of-files = 誕生と死: あるファイルで使用中だが前のファイルではそうでなかったコードと、その逆です。
detect-learns-nothing = 何も学習していない: 評価セットでの誤差が { $evaluations } 回続けて学習セットの平均画像の誤差を下回らず、最後の評価がステップ { $from } 以降であること。その { $again } 倍未満になると、再び検出します。
detect-diverged = 発散: あるステップの損失の項が無限大または非数になること。レーンはそのステップの前で止まります。

## figure/scene.rs

map-axis = { $name }（分散の { $share }）{ $unit }
map-axes-of-the-outputs = 、出力の軸
map-axes-of-step = 、ステップ { $step } の軸
map-axes-of-both-lanes = 、両レーンの軸
map-axis-short = { $name }（{ $share }）{ $unit }

## figure/axis/marks.rs

axis-in = 、単位 { $power }
axis-from = 、起点 { $from }
axis-in-from = 、単位 { $power }、起点 { $from }

## figure/chart.rs

chart-training-step = 学習ステップ

## figure/columns.rs

bars-code-uses = コード { $code }: 使用 { $uses } 回
bars-codes-uses = コード { $codes } 個: 使用 { $low } から { $high } 回
bars-code-share = コード { $code }: 全使用の { $share }
bars-codes-shares = コード { $codes } 個: 全使用の { $low } から { $high }
bars-code-used = コード { $code }: 使用中
bars-code-unused = コード { $code }: 未使用

## figure/map.rs

map-and-idle = 、{ $idle }
map-in-use = { $size } 個中 { $used } 個が使用中{ $rest }
map-label = コードマップ、{ $title }: コード { $size } 個中 { $used } 個が使用中{ $rest }

## sweep/picture.rs

sweep-codes-in-use-full-set = 利用率、評価セット（{ $tokens }）
sweep-mse-full-set = 1画素あたりの平均二乗誤差、評価セット（対数）
sweep-mse = 平均二乗誤差
sweep-title = { $title }（点: シード、線: 平均）
sweep-nothing-counted = 未計数
sweep-tokens-a-code = 1コードあたり { $tokens } トークン
sweep-tokens-a-code-between = 1コードあたり { $low } から { $high } トークン
sweep-all-runs = 全実行
sweep-log-scale = { $key }（対数）
sweep-lane = レーン { $lane }
sweep-lane-of = レーン { $lane }（{ $method }）

## analysis/verdict/mod.rs

verdict-held = 成立
verdict-failed = 不成立
verdict-not-reached = 未到達
verdict-not-judged = 判定なし
verdict-is = レーン { $lane } の { $metric } はステップ { $step } で { $value }
verdict-is-unknown = レーン { $lane } の { $metric }（ステップ { $step }）
verdict-expected-between = 、期待値は { $min } から { $max }
verdict-expected-at-least = 、期待値は { $min } 以上
verdict-expected-at-most = 、期待値は { $max } 以下
verdict-left-the-story = 。ステップ { $step } の後に手で設定が変更されました
verdict-expected-less = 、期待はレーン { $lane } の値未満
verdict-expected-more = 、期待はレーン { $lane } の値より大
verdict-expected-less-than-times = 、期待はレーン { $lane } の値の { $times } 倍未満
verdict-expected-more-than-times = 、期待はレーン { $lane } の値の { $times } 倍より大
verdict-which-is = （その値は { $value }）
verdict-flagged = レーン { $lane } の { $flag } はステップ { $step } で検出
verdict-not-flagged = レーン { $lane } の { $flag } は検出なし
verdict-expected-never = 、期待は検出なし
verdict-expected-a-flag = 、期待は検出あり
verdict-after-and-before = （ステップ { $after } より後、{ $before } より前）
verdict-after = （ステップ { $after } より後）
verdict-before = （ステップ { $before } より前）

## scenario/differences.rs

setting-codes-c = コード C
setting-w-and-b = W と b
setting-initial-c = C の初期値
setting-initial-w = W、b の初期値
setting-lookup = 照合
setting-form-of-w = W の形
setting-codes-k = コード数 K
setting-width-d = 幅 d
setting-latent-width = 潜在変数の幅
setting-lr = 学習率
setting-beta = コミット β
setting-tokens-a-batch = バッチのトークン
setting-window-tokens = 直近のトークン数
setting-hidden-width = 隠れ層の幅
setting-tokens-a-sample = 標本のトークン
setting-last-step = 最後のステップ
setting-learn = 学習
setting-frozen = 凍結
setting-fixed-w = 固定（I と 0）
setting-steps = { $steps } ステップ
setting-distance = 距離
setting-angle = 角度
setting-of-the-run = 実行と同じ
setting-with-bias = { $form }、バイアス
setting-full = 一般
setting-diagonal = 対角
setting-rank = ランク { $rank }
setting-i-and-0 = I と 0
setting-uniform = 一様 { $bound }
setting-normal = 正規 σ { $std }
setting-features = 特徴 σ { $std }
setting-k-means = k-means
setting-networks = ネットワーク
setting-perceptrons = パーセプトロン
setting-optimizer = 最適化手法
setting-pace = 速さ
setting-eval-tokens = 評価トークン数
setting-final-tokens = 最終計測のトークン数
setting-drift = 点群の移動距離
setting-shift = 点群の位置
setting-eval-every = 評価の間隔（ステップ）
setting-learn-c = C の学習
setting-learn-w = W の学習
setting-levels = 格子の段階数
setting-bits = 符号の数
setting-temperature = 温度 τ

## ui/input/commands/table.rs

command-play = 再生または一時停止
command-far-forward = 保存された図を10枚進む
command-forward = 1ステップ進む
command-forward-help = 1ステップ学習。固定表示中は次の図へ
key-right-arrow = →
command-stage-on = ステップの次の段階へ
command-stage-on-help = 1ステップを五段階で。次の段階、前の段階へ
command-stage-back = ステップの前の段階へ
key-alt-arrows = Alt+→, Alt+←
command-back = 図を1枚戻る
command-back-help = 前の図を固定表示（Shift で10枚）
key-left-arrow = ←
command-far-back = 図を10枚戻る
command-first = 最初のステップを見る
command-first-help = 最初のステップを固定表示、最新に追従
command-follow = 最新に追従
command-play-back = 記録を再生、または停止
command-fork = 表示中のステップから分岐
command-fork-help = 分岐: 表示中のステップから学習を続ける
command-restart = ストーリーを再開始
command-restart-help = ストーリーを記述どおり再開始
command-restart-as-set = 左の設定で再開始
command-restart-with-next-seed = 次のシードで再開始
command-restart-with-next-seed-help = ストーリーを次のシードで再開始
command-switch-method = VQ と SimVQ の切り替え
command-switch-method-help = 選択中のレーンで VQ と SimVQ を切り替え
command-switch-w = W の学習と固定の切り替え
command-switch-w-help = W だけを学習または固定
command-switch-c = C の学習と凍結の切り替え
command-switch-c-help = C だけを学習または凍結
command-mark-other = 他方のレーンを選ぶ
command-undo = 元に戻す
command-undo-help = 最後の設定変更を元に戻す
command-redo = やり直す
command-copy-link = リンクをコピー
command-copy-link-help = この画面へのリンクをコピー
command-open-link = リンクを開く
command-open-link-help = コピーしたリンクを開く
command-copy-picture = 画像をコピー
command-copy-picture-help = ウィンドウの画像をコピー
command-save-panel = パネルの画像を保存
command-save-panel-help = ポインタの下のパネル、またはウィンドウの画像を保存
command-save-window = ウィンドウの画像を保存
command-enlarge-here = パネルを拡大
command-enlarge-here-help = ポインタの下のパネルを拡大。もう一度、または Esc で全体
command-hide-here = 区画を隠す
command-hide-here-help = ポインタの下の区画を隠す、全区画を表示
command-show-all = 全区画を表示
command-gallery = ストーリー
command-gallery-help = ストーリーのギャラリー
command-shelf = 保存された実行
command-shelf-help = 保存された実行の一覧
command-help = ポインタの下のものの説明
command-help-help = ポインタの下のものを説明。何もなければこの一覧
command-close = 閉じる
command-close-help = この一覧やカードを閉じる、構築中の再開始を中止する、全パネルを表示する
command-next-control = 次の項目へ
command-back-to-live = 実行中の学習に戻る
command-theme = テーマの切り替え
command-pace-0 = 毎秒 1 ステップ
command-pace-help = 毎秒 1, 5, 20, 60, 300 ステップ、無制限
key-1-to-6 = 1 から 6
command-pace-1 = 毎秒 5 ステップ
command-pace-2 = 毎秒 20 ステップ
command-pace-3 = 毎秒 60 ステップ
command-pace-4 = 毎秒 300 ステップ
command-pace-5 = できるだけ速く
command-language = 言語の切り替え
key-page-up-down = PageUp、PageDown
command-beat-forward = ストーリーを進める
command-beat-back = ストーリーの前の文
command-light-moved = 直前のステップで動いたコード
command-light-moved-help = 直前のステップで動いたコードをマップ上で光らせる
command-show-cells = セル
command-show-cells-help = どこでどのコードが最近傍かをマップに表示
command-show-w = W が単位円から作る形
command-show-w-help = W と b が単位円から作る形をマップに表示
command-beat-forward-help = ストーリーの前の文、次の文。待っているときは先へ
command-larger = 表示を拡大
command-larger-help = 表示を拡大、縮小、標準に戻す
command-smaller = 表示を縮小
command-usual-size = 表示を標準の大きさに
command-full-screen = 全画面表示
command-full-screen-help = 全画面表示の切り替え
command-present = 発表
command-present-help = ストーリーを会場に見せる: 大きな文字、専用のキー、発表者ノート
command-palette = コマンドパレット
command-palette-help = パレット: コマンドや設定を数文字で呼び出す（例: lr 0.01）
command-show-slow = トークン1つの1ステップ
command-show-slow-help = 1ステップがトークン1つにしたことを段階ごとにマップに表示

## ui/mod.rs

window-too-small = このウィンドウは { $width } x { $height } ポイントですが、vqscope には { $least_width } x { $least_height } が必要です。ウィンドウを広げるか、Ctrl とマイナスキーで表示を縮小してください。

## ui/widgets/fields.rs

fields-lane-b-has = レーン B は { $other } です。このスライダーを動かすと両レーンに設定します。
fields-typed = { $name }、入力

## ui/input/links.rs

notice-copied-a-link = ステップ { $step } のこの画面へのリンクをコピーしました（{ $length } 文字）。Ctrl+V または `vqscope LINK` で開きます

## ui/layout/arrangement.rs

notice-hidden-controls = 設定を隠しました。Shift+H で全区画を表示します
notice-hidden-maps = マップを隠しました。Shift+H で全区画を表示します
notice-hidden-bars = 棒を隠しました。Shift+H で全区画を表示します
notice-hidden-recon = 再構成を隠しました。Shift+H で全区画を表示します
notice-hidden-curves = 曲線を隠しました。Shift+H で全区画を表示します
notice-hidden-numbers = 数値を隠しました。Shift+H で全区画を表示します
notice-hidden-timeline = タイムラインを隠しました。Shift+H で全区画を表示します

## scenario/preset.rs

preset-vq = 選ばれたコードが個別に動く (van den Oord et al. 2017)
preset-vq-ema = コードを、それを選んだエンコーダ出力の移動平均で更新 (van den Oord et al. 2017, appendix A.1)
preset-vq-revive = 移動平均に加え、使われないコードをランダムなエンコーダ出力へ移す (Dhariwal et al. 2020, Jukebox)
preset-vq-kmeans = 最初のエンコーダ出力の k-means でコードを初期化 (Zeghidour et al. 2021, SoundStream)
preset-vq-warmup = 量子化なしで 300 ステップ、その後 k-means と VQ (deferred quantization, arXiv 2605.06870)
preset-vq-fc = 8 次元に射影し、単位ベクトルの角度で照合 (Yu et al. 2022, ViT-VQGAN)
preset-vq-lc = データの凍結した特徴と、学習する1つの行列 (Zhu et al. 2024, VQGAN-LC)
preset-cvq = 使われないコードを最近傍のエンコーダ出力へ寄せる (Zheng and Vedaldi 2023, CVQ-VAE)
preset-rotation = エンコーダへの勾配をコードからエンコーダ出力へ回転 (Fifty et al. 2024)
preset-affine = 全コードが軸ごとの伸縮と平行移動を共有し、コードも学習 (Huh et al. 2023)
preset-simvq = 凍結したコードと、全体にかかる1つの学習行列 (Zhu et al. 2024)
preset-simvq-joint = コードと行列がともに学習 (Zhu et al. 2024)
preset-simvq-mlp = 凍結したコードに小さなパーセプトロン: 曲げられる基底 (Zhu et al. 2024 の今後の課題)
preset-fsq = 3つの数をそれぞれ8段階に丸める: コードブックなし (Mentzer et al. 2023)
preset-lfq = 9つの数の符号がコード: コードブックなし (Yu et al. 2023, MAGVIT-v2)
preset-entropy = 確信ある選択と均等な使用を促すペナルティ (Yu et al. 2023, MAGVIT-v2、コードブックに適用)

## scenario/mod.rs

pace-steps-a-second = 毎秒 { $steps } ステップ
pace-unlimited = デバイスの最高速度

## analysis/why

why-fell-out = { $lane } のコード { $code }: { $since } ステップ選ばれず、{ $steps } ステップで { $way } 移動。
why-never-chosen = { $lane } のコード { $code }: 一度も選ばれず、{ $steps } ステップで { $way } 移動。
why-moved-there-with-w = { $lane } では W が動いたため { $way }。
why-moved-there = { $lane } では { $way }。
why-work = { $lane } のトークンの { $work } を { $codes } 個中 { $few } 個が担う。コード { $code } だけで { $share }（均等な割合: { $fair }）。
why-price = 再構成は { $better } が { $other } より良い: MSE { $low } 対 { $high }、{ $less } 小さい。
why-change-of-lane = { $lane } { $used } → { $now }、MSE { $mse } → { $mse_now }
why-between-lanes = ；
why-change = { $what }（ステップ { $step }）。その後 { $since } ステップで: { $each }。
why-restart = { $what }（最初から）。ステップ { $step } で: { $each }。
why-setting = { $setting } { $from } → { $to }
why-more-settings = 他 { $more } 件
why-show-me = 見せる

## ui/panes/pipeline.rs

pipeline-encoder = エンコーダ
pipeline-decoder = デコーダ
pipeline-nearest = 最近傍 ({ $codes })
pipeline-rounds = 最近傍 ({ $codes })
pipeline-waits = ステップ { $step } まで量子化なし
pipeline-straight-through = 勾配（ストレートスルー）
pipeline-straight-through-short = 勾配
pipeline-codebook-loss = コードブック損失
pipeline-grid = 固定格子: コードは学習しない
pipeline-learns = 学習
pipeline-frozen = 凍結
pipeline-fixed = 固定
pipeline-diagonal = 対角 W
pipeline-low-rank = 低ランク W
pipeline-mlp = パーセプトロン
pipeline-spoken = { $lane }: エンコーダが x から z を作り、幅 { $dim } の { $codes } 個のコードのうち最も近いものが代わりに入り、デコーダが x̂ を作る。E = C·W + b: C は{ $c }、W は{ $w }。
pipeline-spoken-fixed = { $lane }: エンコーダが x から z を作り、{ $codes } 個の固定コードのうち最も近いものが代わりに入り、デコーダが x̂ を作る。
pipeline-letter-e = E: z と比べられる { $codes } 個のコード。一行が { $dim } 個の数。
pipeline-letter-c = C: コードブック。コードごとに一行。学習するときは、選ばれた行だけがそのステップで動く。
pipeline-letter-w = W: すべての行が共有する { $dim } x { $dim } の行列。学習するときは、毎ステップ全コードが動く。
pipeline-letter-b = b: 全コード共通のずれ。W とともに学習する。
pipeline-letter-z = 選択には勾配がない。エンコーダは q を z とみなしたデコーダの勾配（ストレートスルー）とコミットメント損失を受け取る。

## ui/panes/atlas.rs

atlas-title = 復号したコード
atlas-hint = 使用中の各コードだけからデコーダが作るもの。サンプルの全トークンをそのコードにしている。
atlas-by-use = 使用順
atlas-by-place = 位置順
atlas-live-only = コードの復号は学習中のみ。End で最新に戻る。
atlas-none = まだ復号するものがない。
atlas-lane = { $lane }: { $used } 個中 { $shown }
atlas-lane-most-used = { $lane }: { $used } 個中、使用の多い { $shown } 個（{ $from } 個以上の場合）
atlas-spoken = { $lane } で使用中のコードの復号: { $shown } 個
atlas-code = コード { $code }: 直近 { $tokens } 学習トークン中 { $uses } 回

## ui/panes/inspector.rs

inspector-title = 一つのコード
inspector-pin = マップ、棒、復号したコード、または画像（U）のコードをクリック。
inspector-no-code = このレーンにそのコードはない。
inspector-code = { $lane } のコード { $code }
inspector-previous = 前のコード
inspector-next = 次のコード
inspector-in-other = { $lane } では
inspector-let-go = 選択を解除
inspector-live-only = 復号結果と近傍は学習中のみ計算される。End で最新に戻る。
inspector-waits = 復号結果は次の画像とともに届く。
inspector-distance-axis = 最も近いエンコーダ出力までの距離、ステップ { $first }〜{ $last }、最大 { $most }
inspector-pictures = 復号結果と、最も近い入力 { $inputs } 個
inspector-in-use = 直近 { $tokens } 学習トークン中 { $uses } 回選ばれた。
inspector-share = 全使用の { $share } を占める。
inspector-flagged = 使用中の印がある。
inspector-no-use = 使われていない。
inspector-fell-out = 使われなくなった: 最後に選ばれたのは { $steps } ステップ前。
inspector-not-in-use = 直近 { $tokens } 学習トークンでは選ばれていない。
inspector-never = { $steps } ステップで一度も選ばれていない。
inspector-unknown = 選択は数えられていない。
inspector-first-last = 最初に選ばれたのはステップ { $first }、最後はステップ { $last }。
inspector-distance = 最も近いエンコーダ出力までの距離は { $distance }。
inspector-rival = コード { $code } が { $times } 個
inspector-rivals = 最も近い { $encodings } 個のエンコーダ出力のうち、これを選ぶのは { $own } 個: { $others }。
inspector-no-rivals = 最も近い { $encodings } 個のエンコーダ出力はすべてこれを選ぶ。
inspector-moved = 直近 { $steps } ステップで { $way } 動いた。

## ui/panes/own.rs

own-title = 自分の入力
own-hint = 描くか、上の入力をクリックするか、画像ファイルをドロップ。両レーンが毎ステップ符号化する。
own-clear = 消す
own-near = コード { $code }、距離 { $distance }
own-draw-here = ここに描くか、入力画像の一部をクリックするか、画像ファイルをドロップ。
own-drop-here = 画像をドロップ：両レーンが毎ステップ符号化する。
own-dropped = { $file } を { $pixels } 画素にして入力にした
own-dropped-turned = { $file } を { $pixels } 画素にし、サンプルと同じ黒地に白へ反転して入力にした
own-dropped-several = { $files } 個のファイルがドロップされたが、入力にできるのは一つ：{ $file } を使う
own-dropped-not-here = { $file } は符号化しない：ここで学習している実行がない
own-dropped-on-points = { $file } は符号化しない：この実行は画像ではなく点で学習している
own-live-only = 符号化は学習中のみ。End で最新に戻る。
own-canvas = 自分の入力のキャンバス: ドラッグで描く
own-output = レーンが入力から作るもの
own-on-map = 自分の入力

## Pictures and maps of the cause

headline-before = { $now }、以前 { $before }
recon-difference = 各画素の誤差 |x̂ - x|、{ $times } 倍に強調{ $of }
recon-difference-short = 誤差{ $of }
recon-places = どのコードがどこで使われるか（色はマップと同じ）{ $of }
recon-places-short = 画像中のコード{ $of }
recon-farther = 誤差が大きい方
recon-pick = この部分を自分の入力として符号化
recon-code-here = { $lane } のコード { $code }
command-show-pipeline = エンコーダ・最近傍・デコーダ
command-show-pipeline-help = エンコーダ・最近傍・デコーダと、どの勾配で何が学習するかを表示
command-show-place = コードの使われる場所
command-show-place-help = 再構成の各部分がどのコードを選んだかを表示
command-show-difference = レーンの差
command-show-difference-help = 再構成で各レーンの誤差と、どちらが大きいかを表示
command-show-sentences = 理由を三文で
command-show-sentences-help = 現在の数値からの三文。それぞれ「見せる」付き
command-show-inspector = コードの一生
command-show-inspector-help = コードの一生（クリックで選択）と自分の入力
command-show-atlas = 復号したコード
command-show-atlas-help = 使用中の全コードを復号して表示
command-put-away-change = 比較を片付ける
command-put-away-change-help = 前の実行と直前の変更の効果を片付ける
tools-cause = なぜ
tools-with-key = { $text }（{ $key }）
tools-what-shows-the-cause = コードが生き死にする理由を示すもの: マップ、画像、専用の欄

## Guesses

event-kind-guess = 予想
event-guess = 場面 { $beat } の予想: { $what }
event-guess-choice = 選択肢 { $choice }
event-guess-number = { $number }
event-guess-curve = 描いた曲線
event-guess-left = 実行に任せた
event-guess-none = 挙手のみ
event-guess-hands = ; 挙手 { $hands }
event-kind-pen = ペン
event-pen-drawn = ステップ { $step } に描き込み
event-pen-wiped = ステップ { $step } の描き込みを消去

## ui/panes/w_over_time.rs

w-over-time = ステップごとの W の特異値と有効ランク
w-over-time-lines = 実線: W の最大の特異値 { $drawn } 個、破線: 有効ランク
w-over-time-now = { $lane }、ステップ { $step }: 有効ランク { $rank }、|W - I| { $away }、|b| { $bias }

## ui/overlays/lesson_link.rs

lesson-link-title = このレッスンをみんなに
lesson-link-how = コードにはリンクが入っている。`vqscope LINK` で開くか、ウィンドウに貼り付けると、同じストーリーがこの場面から操作欄なしで始まる。
lesson-link-copy = リンクをコピー
lesson-link-copied = この場面へのリンクをコピーした
lesson-link-close = 閉じる
lesson-link-code = カメラ用コードになったリンク
lesson-link-too-long = このストーリーはコードには長すぎる。リンクをコピーしてください。
command-lesson-link = このレッスンへのリンク
command-lesson-link-help = この場面へのリンクをカメラ用コードで表示: ここからのストーリー、操作欄なし

## the tour: ui/overlays/tour.rs, ui/input/commands, ui/panes/top.rs, ui/overlays/gallery.rs

command-tour = ツアー
command-tour-help = ツアー: コードブックとは何かから、自分のデータに何を選ぶかまで。もう一度押すか Esc で終わります
top-tour = ツアー
top-tour-hint = 動いているプログラムの上のページで、コードブックとは何かから、自分のデータに何を選ぶかまで進みます (F1)。今の内容は後で戻ります
card-tour = ツアーを見る
tour-offer = 初めてですか。ツアーは { $pages } ページです。
tour-start = 始める
tour-offer-close = この行を閉じて二度と出しません。上のバーの「ツアー」からいつでも開けます
tour-page-of = ツアー · { $page } / { $pages }
tour-leave = 終了 (Esc)
tour-leave-hint = ツアーの前の内容に戻ります。ツアーはこのページから続けられます
tour-pages = ページ一覧
tour-pages-hint = すべてのページを示し、選んだページへ移ります
tour-text = ページに戻る
tour-back = 戻る
tour-next = 次へ
tour-end = ツアーを終わる
tour-next-hint = 次のページ（Page down、学習が待っていれば Space）
tour-back-hint = 前のページ（Page up）
tour-slider = ツアーのページ
tour-on-the-way = このページまで学習中: ステップ { $step } / { $at }
tour-building = このページの実行を構築中
tour-goes-on = 次のページへ: ステップ { $step } / { $at }
tour-done = できました。次のページで結果を見ます。
tour-looking-back = ステップ { $step } を振り返っています。
tour-drag = { $page }: { $title }
tour-page-covered = 予想の後で

## ui/panes/topics.rs

topic-encoding = エンコーダ出力 z
topic-encoding-help = エンコーダがトークンから作る d 個の数、点 z = f(x) です。最も近いコード q = argmin |z - e|² がそれに置き換わります。
topic-codebook = コードブック
topic-codebook-help = d 個の数からなる K 個の点、つまりコードの表で、E は K×d です。log₂ K ビットの番号が、トークンを表すコードを示します。
topic-token = トークン
topic-token-help = 一つのコードを選ぶ単位で、パッチ、画像の一部、または点群の点です。バッチは N 個のトークンからなります。
topic-straight-through = ストレートスルー推定
topic-straight-through-help = コードの選択には勾配がないため、エンコーダはコードの勾配を受け取ります: ∂L/∂z = ∂L/∂q。選ばれなかったコードには何も届きません。
topic-gradient = 勾配
topic-gradient-help = 学習する各数値について、それを増やすと損失がどれだけ増えるかを表します（コードでは ∂L/∂E_k）。一ステップで数値は逆向きに動くので、勾配のないものは動きません。
topic-simvq = SimVQ
topic-simvq-help = コード C は固定され、一つの行列 W とバイアス b が全コードを動かします: E = C·W + b (arXiv 2411.02038)。選ばれたコードから W に届く勾配が、どのコードも動かします。
topic-utilization = 利用率（評価）
topic-utilization-window = 利用率（直近）
topic-utilization-batch = 利用率（バッチ）
topic-utilization-newest = 利用率（最新 65,536）
topic-utilization-average = 利用率（バッチの平均）
topic-utilization-fair = 利用率（均等な割合の 1 %）
topic-counted-by = 数え方
topic-counted-by-help = 公開されているコードでは「使用中」に五つの意味があり、割合の下の行がどれかを示します。クリックすると選べ、分からないものは理由とともに灰色になります。
topic-ceiling = 標本上限
topic-ceiling-help = どのコードも同じ確率で選ばれるとき、N 個のトークンが使う割合 1 - (1 - 1/K)^N です。これに足りない分はコードブックのためで、これを上回ることは期待できません。
topic-fair-share = 均等な割合
topic-fair-share-help = 全コードが同じだけ使われるときの一コードの使用数 N/K です。どの棒もここで終わるなら使用は均等で、パープレキシティは K です。
topic-fell-out = 使われなくなったコード
topic-never-used = 一度も使われないコード
topic-dead-codes = 使われていないコード
topic-perplexity = パープレキシティ
topic-mse = MSE（再構成誤差）
topic-psnr = PSNR
topic-moved = 直前のステップで動いたコード
topic-moved-help = 一ステップで、そこで選ばれたコードの移動距離の中央値の 1 % より遠くへ動いたコードの割合です: |ΔE_k| > 0.01 · 中央値。VQ では選ばれたコードだけ、SimVQ では全コードです。
topic-top = 上のバー
topic-top-help = ストーリー、再生と停止、1ステップ、再開始、速さ、表示する部分です。キーは ? で開く一覧にあります。
topic-caption = 字幕
topic-caption-help = 表示中のステップでストーリーが語る文で、数値は実行から入ります。ポインタを置くと、ストーリーの内容が出ます。
topic-playhead = 固定したステップ
topic-playhead-help = 学習が続いていても、すべてのパネルは前のステップに留まります。ここから記録を再生し、最新に戻り、または別の実行として学習を続けられます。
topic-controls = 設定
topic-controls-help = 両方または片方のレーンの設定で、丸は次のステップ、輪は次の再開始で働きます。Ctrl+Z で最後の変更を取り消します。
topic-tools = 表示と印
topic-tools-help = 図の軸と棒の表し方、印の意味です。丸は使われているコード、×印は使われなくなったコード、輪は一度も使われていないコード、小さな点はエンコーダ出力です。
topic-headline = レーンの見出し
topic-headline-help = レーンの手法と、直近の学習トークンが選んだコードの割合、使用数 / K です。その下に、数えたトークン、1コードあたりのトークン、最新の評価の誤差があります。
topic-maps = コードの図
topic-maps-help = コード E とエンコーダ出力を、コードブックの二つの主軸 (PCA) の上に示し、軸が動かないように向きをそろえます。各軸は分散の割合を示し、ここで近く見えるコードも、他の次元では離れているかもしれません。
topic-usage = 使用数の棒
topic-usage-help = コードごとの棒で、それを選んだトークンの数です。点線は均等な割合 N/K、上限はこれだけのトークンが届きうるコードの割合です。
topic-recon = 再構成
topic-recon-help = 上の列は学習に使わない入力 x、下は各レーンがそこから作る x̂ = g(q) です。レーンの横の誤差は、評価セット全体での1画素あたりの |x̂ - x|² の平均です。
topic-curves = 曲線
topic-curves-help = 損失、スペクトル、使用、移動、イベントの五つのタブです。どれも両レーンをその色で示します。
topic-numbers = 数値
topic-numbers-help = 両レーンの数値を、数えたトークンと標本上限とともに並べます。評価セットの値は毎ステップ数えるわけではないので、そのステップを示します。
topic-timeline = タイムライン
topic-timeline-help = 上は利用率、下は誤差の全ステップの推移で、変更には印、検出には旗が付きます。クリックやドラッグでそのステップを示し、End で実行に戻ります。
topic-status = ステータスバー
topic-status-help = デバイス、シード、実行の保存先、メモリで、行われたことやできなかったことがその場所に出ます。入りきらないものはポインタを置くと出ます。
topic-pipeline = 処理の流れ
topic-pipeline-help = エンコーダ、z、K 個のうち最も近いコード、デコーダと、勾配の通り道で、学習する部分を示します。下の欄は E = C·W + b の説明で、コードの選択は勾配を通さず、ストレートスルー推定が q から z へ写します。
topic-sentences = 文
topic-sentences-help = 今の数値が語ることを三つまでの文で示します（コードが生き死にする理由、働いているコード、変更の効果）。それぞれのボタンが、その対象を示します。
topic-inspector = 一つのコード
topic-inspector-help = 固定したコードの一生で、最初と最後の使用、最も近いエンコーダ出力までの距離の推移、デコードした結果、最も近い入力です。距離が伸びていくコードは、データに置いていかれています。
topic-atlas = デコードしたコード
topic-atlas-help = 使われている各コードだけからデコーダが作るもの x̂ = g(E_k) です。使用順は何が働いているかを、位置順は図のどこに何があるかを示します。
topic-place = 画像の中のコード
topic-place-help = 画像の各部分が選んだコード argmin |z - E_k|² を、マップと同じ色で示します。指したコード、部分、マップのトークンは、同じコードを選んだものすべてとともに光ります。
topic-difference = レーンの差
topic-difference-help = 各レーンの画素ごとの誤差 |x̂ - x| を強めて示します。入力の列は、どちらのレーンの誤差が大きいか |x̂_A - x| - |x̂_B - x| を、そのレーンの色で示します。
topic-spectrum-help = 棒は W の特異値、線は主軸に沿った標準偏差で、実線はエンコーダ出力、破線はコードです。線が落ちた先の方向は、ほとんど使われていません。
topic-use-map-help = コードを番号順に四角で並べ、色で使用数を示します。空の四角は、数えたトークンがどれも選ばなかったコードです。
topic-movement-help = 記録の二点の間に各コードが動いた距離 |E_k(t) - E_k(s)| を、速い順に示します。動かなかったコードには勾配が届いていません。
topic-events-help = 100 ステップごとに使われ始めたコードと使われなくなったコードの数、下は旗と変更の記録です。行をクリックすると、そのステップを示します。
topic-cells = セル
topic-cells-help = 図の各点を、d 次元すべてで最も近いコード argmin |x - E_k|² の色で塗った、軸の平面での断面です。そのコードが使われていなければ灰色です。
topic-w = 行列 W
topic-w-help = 破線の単位円を W と b が移しただ円で、半径が W による平面の伸びを示します。横に |W - I|、|b|、W の実効ランクがあります。
topic-slow = 1ステップをゆっくり
topic-slow-help = 一ステップが一つのトークンにしたことを五段階で示し、エンコーダ出力、最も近い三つのコードと距離、損失への寄与、C または W への勾配、ステップの前と後が並びます。数値はそのステップのものです。
topic-what-learns-help = レーンのコード C と行列 W が学習するかどうかで、C だけなら通常の VQ、W だけなら SimVQ、両方なら同時学習です。クリックは次のステップで働きます。
topic-on-switch-help = 新しいコードは新しいガウス C と新しい W、b で、元のコードは C となり W は単位行列です。前者は表現崩壊したレーンを戻し、後者はコードをその場に残します。
topic-axes = 図の軸
topic-axes-help = 図の平面で、レーンごとのコードの PCA、ある時点の軸、または両レーン共通の PCA です。固定した軸はコードの動きを、ライブの軸は今の形を示します。
topic-bars = 棒グラフ
topic-bars-help = 棒が数えるトークンと、並べ方（使用順か番号順）、目盛り（線形か対数）です。使用順は均等さを、番号順はどのコードが使われるかを示します。
topic-play-help = 学習を続けるか、進行中のステップの後で止めます。ストーリーが質問したり待ったりしているときは、そのまま先へ進みます。
topic-step = 1ステップ
topic-step-help = 一ステップだけ学習して止まります。K で示す図の層が、そのステップが一つのトークンにしたことを語ります。
topic-restart = 再開始
topic-restart-help = ストーリーを記述どおり、同じシードでステップ 0 から始めます。Shift+R は次のシード、Ctrl+R は左の設定を使います。
topic-pace = 速さ
topic-pace-help = 求める毎秒のステップ数で、デバイスが実際に出す速さは横に示します。ストーリーは、文を読む時間が要るところでは速さに関わらず待ちます。
topic-stories = ストーリー
topic-stories-help = ここで学習しているものと、記述どおりか手で変更したかです。クリックするとストーリーの一覧を開きます。
topic-view-help = 明暗、コントラスト、言語、大きさ、動き、ストーリーの進め方です。次に開くときも同じです。
topic-runs-help = 保存された実行の棚で、このウィンドウの実行は学習しながら保存されます。続きを学習したり、二つを並べて見たりできます。
topic-keys = キー
topic-keys-help = すべてのキーの一覧です。ポインタを何かの上に置いて ? を押すと、それの説明になります。
topic-tour-help = 動いているプログラムの上のページで、コードブックとは何かから、自分のデータに何を選ぶかまで進みます。Esc でいつでも抜けられ、すべてが元に戻り、次はそのページから続きます。
topic-side-numbers = 右の数値
topic-side-numbers-help = 曲線と数値の表示を切り替えます。狭いウィンドウでは、これか設定のどちらかが入ります。
topic-side-controls = 左の設定
topic-side-controls-help = 設定の表示を切り替えます。狭いウィンドウでは、これか曲線と数値のどちらかが入ります。
topic-flags = 旗
topic-flags-help = このステップで検出器が旗を立てたことを示し（表現崩壊、回復、飽和、暴走、学習なし、発散）、規則はポインタを置くと出ます。クリックするとそのステップを示します。
topic-cloud = 点群
topic-own-input-help = 描いた画像、入力からクリックした画像、ドロップした画像ファイルを、両レーンが毎ステップ符号化し、最も近い三つのコードを距離 |z - E_k| とともに示します。学習には使いません。
topic-change = 変更の効果
topic-change-help = 手で変更したステップと今とで、各レーンの利用率とMSEを比べます。同じ一つの学習なので、時間とともに変わった分も含みます。
topic-before = 前の学習
topic-before-help = 別の設定で始め直すと、前の学習がタイムラインに破線で残り、同じステップのMSEが見出しに並びます。×で片付けます。
topic-cloud-help = データが平面の点のとき、その輪郭を中央で動かし、先端で回して伸ばせます。次のステップから両方のレーンに働きます。

## ui/overlays/explain.rs

explain-close = ? または Esc で閉じます
command-keys = すべてのキーの一覧

## scenario/demos.rs

chapter-collapse = 表現崩壊とその対策
chapter-other = 他の対策
chapter-limits = 表現崩壊しない場合、SimVQが表現崩壊する場合

## record/status.rs, ui/state/host.rs: why a device trains, and what draws

device-no-adapter = グラフィックアダプタが見つからないため
device-the-gpu-found = 見つかった GPU
device-asked-for = 指定による
device-asked-for-by-name = 名前による指定
device-opened-anew = 失敗の後に開き直したもの
device-only-software = ソフトウェア Vulkan だけのため: { $name }
device-failed = { $name } が失敗したため
device-elsewhere = 別のプログラムが学習
device-watching = { $place } を監視中
device-watching-two = { $a } と { $b } を監視中
watched-about = { $place } にある、別のプログラムの学習のコードブック。
watched-about-two = { $a } と { $b } にある、別のプログラムの学習のコードブック。
notice-not-saved = この学習は保存されていないため、分岐できません
notice-given-up = 準備が終わる前に取りやめました。もう一度始めるか、別のものを選んでください
renderer = { $name } による描画（{ $reason }）
renderer-on-the-gpu = GPU を使用
renderer-no-gpu = GPU なし: ソフトウェアではこのほうが速いため
renderer-did-not-start = { $name } が起動しなかったため
## watch/check/told.rs

check-file = { $file }：ステップ { $step }、{ $files } 個のファイルのうち最新
check-codes = コード：{ $array }、{ $size } x { $dim }、探し方は { $lookup }
check-level = 段 { $level }（{ $name }）：{ $size } 個のうち { $used } 個を使用、{ $share }、パープレキシティ { $perplexity }、平均の長さ { $norm }、残差 { $residual }。{ $how }
check-level-unknown = 段 { $level }（{ $name }）：{ $size } 個のコードの使用は不明、平均の長さ { $norm }。{ $why }
check-more-levels = ほかに { $n } 段
check-rule = 「{ $rule }」で数えると：{ $used }、{ $share }
check-rule-unknown = 「{ $rule }」で数えると：ファイルからは分かりません
check-level-rule = 「{ $rule }」で { $used }、{ $share }
check-level-rules = 段 { $level } の数え方ごとの使用：{ $rules }
check-level-rules-some = 段 { $level } の数え方ごとの使用：{ $rules }。ほかの数え方はファイルからは分かりません
check-level-rules-unknown = 段 { $level }：五つの数え方のどれでも、使用はファイルからは分かりません
check-flag = ステップ { $step }: { $what }
check-turnover = 前のファイルから { $births } 個のコードが使われ始め、{ $deaths } 個が使われなくなりました
check-norms = コードの長さ：{ $least } から { $greatest }、平均 { $mean }
check-latent-norms = 潜在変数の長さ：{ $least } から { $greatest }、平均 { $mean }
check-error = 量子化誤差：潜在変数の分散の { $error }
check-spectrum = コードのスペクトル：{ $dim } 軸のうち { $dimensions } 軸に分散の 90 %。標準偏差は大きい順に { $stds }
check-drift = ステップ { $since } からコードが動いた距離：平均の長さの { $codes }
check-drift-latents = 潜在変数の平均が動いた距離：コードの平均の長さの { $latents }、コードが動いた距離の { $ratio } 倍
check-drift-series = ファイルごとに、ステップ { $since } から { $steps } まで、コードが動いた距離：平均の長さの { $codes }
check-drift-series-latents = ファイルごとに潜在変数の平均が動いた距離：コードの平均の長さの { $latents }、コードが動いた距離の { $ratios } 倍
check-suspicious = 疑わしい点：{ $why }
check-suspicious-use = { $name }：{ $judgement }。{ $bound }
check-suspicious-tokens = { $name }：{ $judgement }。
check-suspicious-unknown = { $name }：どのコードが使われているか分かりません。{ $why }。
check-suspicious-broken = 有限でないコードが { $n } 個あります：{ $codes }。
check-suspicious-drift = 前のファイルから、コードが自分の長さの 2 倍より大きく動きました。
check-suspicious-zero = ほかに比べて長さがほとんどないコードがあります。
check-unreadable = 読めません：{ $why }

## Files of another program with several codebooks

reading-tuples = コードの組は { $tokens } トークン中 { $distinct } 通り（{ $share }）で、ありうる組は { $possible } 通りです。
reading-broken = { $size } 個のコードのうち { $n } 個は有限でなく、描かれていません：{ $codes }。
reading-broken-many = { $size } 個のコードのうち { $n } 個は有限でなく、描かれていません：{ $codes } など。
reading-short = { $judgement }、{ $size } 個のコードのうち { $used } 個を使用
reading-short-alone = { $size } 個のコードのうち { $used } 個を使用
reading-short-unknown = { $size } 個のコードの使用は不明
note-all-zero = すべてのコードがゼロです。
watched-lane-caption = { $lane }：{ $what }
curves-tab-levels = 段
curves-every-codebook-of-the-file = ファイルにあるすべてのコードブックの利用率を、全ファイルにわたって示します。
topic-levels-help = ファイルにあるすべてのコードブック（残差量子化の段やグループなど）の利用率、パープレキシティ、そして潜在変数の残りの平均の長さです。クリックで A に、Shift を押しながらのクリックで B に表示します。
levels-use = 利用率
levels-perplexity = PPL
levels-left = 残り
levels-use-hint = 使われているコードの割合です。クリックすると線がこの値になります。
levels-perplexity-hint = パープレキシティ：同じ程度に予測しにくい、均等に使われるコードの数です。クリックすると線がこの値になります。
levels-left-hint = その段のあとに残る潜在変数の平均の長さです。クリックすると線がこの値になります。
levels-tuples-hint = 各段までの組の数：{ $after }。
levels-how-to-choose = クリックで A に、Shift とクリックで B に表示します。
levels-row-hint = { $name }、コード { $size } 個、{ $what }
levels-spoken = 段 { $level }：{ $figures }
levels-cell = 段 { $level }（{ $name }）：{ $used }（{ $how }）、パープレキシティ { $perplexity }
levels-share-counted = { $share } · { $how }
levels-cell-hint = { $what }。クリックで大きく表示します。
levels-too-large = コードブックの合計が大きすぎるため、小さなマップは描けません。
levels-only-one = このファイルのコードブックは一つだけです。
levels-all-of-one = すべてのコードブックを表示できるのは、場所が一つのときだけです。
command-level-after = ファイルの次のコードブックを表示
command-level-after-help = ファイルの次のコードブック、または前のもの
command-level-before = 前のコードブックを表示
command-level-after-of-b = 次のコードブックを B に表示
command-level-after-of-b-help = 同じことを B で。最後の次は B なし
command-level-before-of-b = 前のコードブックを B に表示
command-all-levels = すべてのコードブックの小さなマップを表示
command-all-levels-help = すべてのコードブックの小さなマップ、または一つの大きなマップ
command-arrays = ファイルの配列を選ぶ
command-arrays-help = ファイルのどの配列がコードと使用数か
key-up-down-arrows = 上下キー
key-shift-up-down-arrows = Shift+上下キー
arrays-title = どの配列ですか
arrays-why = { $file } { $why }.
arrays-of = { $file } の配列です。
arrays-step-title = どの数がステップですか
arrays-steps-open = { $file } の名前には数が複数あり、どれもステップでありえます。
arrays-step = ファイル名のどの数がステップか
arrays-step-number = { $n } 番目の数: { $values }
arrays-codes = コード（K x d）
arrays-usage = 各コードの使用数
arrays-lookup = コードの探し方
arrays-as-found = 自動
arrays-as-found-which = 自動（{ $what }）
arrays-array = { $name }   { $shape }
arrays-rows = コード { $size } 個、次元数 { $dim }
arrays-columns = 転置：コード { $size } 個、次元数 { $dim }
arrays-take = これを表示
arrays-take-hint = この読み方でファイルを表示し、場所ごとに設定に残します。ファイルの横には何も書きません。書くには --remember を使います。
arrays-leave = やめる（Esc）
tools-level = コードブック { $level }
tools-level-hint = ファイルのどのコードブックを表示するかです。
tools-level-of-b = B：{ $level }
tools-level-of-b-hint = 横に並べるコードブックです。
tools-level-named = { $level }：{ $name }
tools-level-none = なし
tools-all-levels = すべて
tools-arrays = 配列
usage-norms = コード { $codes } 個の長さ（ファイルに使用数はありません）
usage-norms-short = コード { $codes } 個の長さ
usage-norms-broken = コード { $codes } 個の長さ、有限でないもの { $broken } 個（ファイルに使用数はありません）
usage-norms-bin = 長さ { $low } から { $high } のコード { $codes } 個
usage-norms-mean = 平均 { $mean }
spoken-norms = 使用数のない{ $lane }のコード { $codes } 個の長さ：{ $least } から { $greatest }
check-tuples = コードの組（{ $array }）：{ $tuples } 各段まで：{ $after }。
event-codes-broke = ここから { $size } 個のコードのうち { $n } 個が有限ではありません
watched-only-a = このステップまで { $lane } のファイルはありません
steer-title = 学習の操作
steer-title-of = { $lane } の学習の操作
steer-offer = { $folder } に書き込む学習はコマンドを受け付けます。操作権を取ると、このウィンドウはそこに control.json だけを書きます。それまでは何も書きません。
steer-take = 操作権を取る
steer-take-hint = 何も設定しない最初のコマンドで、学習と他のウィンドウに操作権の持ち主を知らせます。
steer-take-over = 操作権を引き継ぐ
steer-give = 操作権を返す
steer-give-hint = 設定したものはそのまま残ります。他のウィンドウやスクリプトが操作権を取れます。
steer-other = この学習の操作権は別のウィンドウにあります。最新のコマンドはステップ { $step } のものです。
steer-reaching = 操作権を求めています。学習は次の呼び出しで答えます。打ち切られた学習は答えません。
steer-held = このウィンドウに操作権があります。ここで設定したものは学習の次の呼び出しで働きます。
steer-paused = 学習は待っています。コマンドがないまま十分間たつと自動で続きます。
steer-off = この学習はコマンドを受け付けません: { $why }
steer-off-unsaid = この学習はコマンドを受け付けません。理由は示されていません
steer-ended = この学習はステップ { $step } の後で終わりました。コマンドはもう読まれません。
steer-simvq = 層 W
steer-simvq-behind = コードの後ろに置く
steer-simvq-help = コードの後ろに線形層を一つ置きます（SimVQ）、E = C·W + b。新しい C は凍結され、代わりに W と b が学習し、外すと E が再び自分で学習するコードになります。
steer-lr = 学習率 ×
steer-lr-help = オプティマイザの学習率すべてに掛ける値で、0.01 から 10 までです。スケジューラは自分の学習率のまま進みます。
steer-commitment-help = エンコーダ出力をコードに引き寄せる損失の重み β で、0 から 100 までです。学習の損失が c.commitment を使う場合に働きます。
steer-revive = 復活
steer-revive-hint = 最後のファイル以降に使われなかったコードに、次の呼び出しのランダムなエンコーダ出力を入れます。
steer-pause = 一時停止
steer-pause-hint = 学習は次の呼び出しで待ちます。コマンドがなければ十分間までです。
steer-on = 続ける
steer-on-hint = 学習が続きます。
steer-save = 保存
steer-save-hint = 学習は次の呼び出しでコードブックを保存します。
steer-waiting = 送信中: { $what }
steer-ignored = 無視、{ $why }
steer-refused = 拒否: { $why }
steer-told-simvq = コードの後ろに層 W を追加
steer-told-no-simvq = 層 W を除去
steer-told-lr = 学習率 × { $factor }
steer-told-commitment = コミットメント { $weight }
steer-told-revive = コードを復活
steer-told-revived = コード { $codes } 個を復活
steer-told-pause = 一時停止
steer-told-on = 再開
steer-told-save = ファイルを保存
steer-line-training = 学習中、ステップ { $step }
steer-line-paused = ステップ { $step } で一時停止中
steer-pause-ended = 一時停止が自動で終了
event-steered = コマンド: { $what }
event-kind-refused = 拒否
topic-steer-help = control=True の vqscope.Watch の下で動く PyTorch の学習に、次の呼び出しで設定できるものです。操作権を取るまでは何も書かれず、その後もそのフォルダの control.json だけが書かれます。
following-read-only = この学習は別のプロセスが行っています。表示はすべて見られます。ここで学習を続けるには分岐してください (F)
map-waiting-for-the-first-save = 最初の保存を待っています
top-progress-and-rate = { $progress }、{ $rate }
top-followed-waits = 別のプロセスが学習中・最初の保存を待っています
top-followed-saved = 別のプロセスが学習中・{ $age }前に保存
top-followed-quiet = 別のプロセスが学習中・{ $age }のあいだ更新なし
top-age-seconds = { $n } 秒
top-age-minutes = { $n } 分
top-age-hours = { $n } 時間
