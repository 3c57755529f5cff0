"""The callbacks, in the real trainers."""

import lightning
import pytest
import torch
import vqscope
from conftest import read, steps
from loop import D, K, Quantizer
from torch import nn
from transformers import Trainer, TrainingArguments
from vqscope.hf import WatchCallback as ForTrainer
from vqscope.lightning import WatchCallback as ForLightning

ROWS = 16


class Data(torch.utils.data.Dataset):
    def __init__(self, count):
        self.x = torch.randn(count, ROWS, 32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, at):
        return {"x": self.x[at]}


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.quantizer, self.decoder = nn.Linear(32, D), Quantizer(), nn.Linear(D, 32)

    def forward(self, x):
        quantized, _, loss = self.quantizer(self.encoder(x))
        return {"loss": (self.decoder(quantized) - x).square().mean() + loss}


class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.model = Model()

    def training_step(self, batch, _):
        return self.model(batch["x"])["loss"]

    def validation_step(self, batch, _):
        self.model(batch["x"])

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


def test_lightning(tmp_path, silent):
    callback = ForLightning(tmp_path / "f", "model.quantizer", every=4)
    trainer = lightning.Trainer(
        max_epochs=2,
        accelerator="cpu",
        callbacks=[callback],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        default_root_dir=tmp_path,
    )
    data = torch.utils.data.DataLoader(Data(40), batch_size=8)
    module = Module()
    trainer.fit(module, data, torch.utils.data.DataLoader(Data(8), batch_size=8))
    # 2 epochs of 5 batches of 8 times 16 tokens; what the validation chose is not counted.
    assert steps(tmp_path / "f") == [1, 4, 8]
    held = read(tmp_path / "f")
    assert held["usage_total"].sum() == 8 * 8 * ROWS and held["tokens"] == 4 * 8 * ROWS
    assert held["codebook"].shape == (K, D) and held["latents"].shape == (8 * ROWS, D)
    assert callback.control.commitment == 0.25


def test_trainer_of_hugging_face_counts_all_passes_of_a_step(tmp_path, silent):
    callback = ForTrainer(tmp_path / "f", "quantizer", every=2)
    arguments = TrainingArguments(
        output_dir=str(tmp_path / "out"),
        max_steps=5,
        per_device_train_batch_size=4,
        gradient_accumulation_steps=2,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    )
    model = Model()
    Trainer(model, arguments, train_dataset=Data(64), callbacks=[callback]).train()
    assert steps(tmp_path / "f") == [1, 2, 4]
    held = read(tmp_path / "f")
    assert held["usage_total"].sum() == 4 * 2 * 4 * ROWS and held["tokens"] == 2 * 2 * 4 * ROWS


def test_a_tap_takes_all_passes_since_the_last_time():
    quantizer = Quantizer()
    tap = vqscope.Tap(quantizer)
    assert tap.take() == {}
    first, second = torch.randn(2, 5, D), torch.randn(3, 4, D)
    with torch.no_grad():
        a, b = quantizer(first)[1], quantizer(second)[1]
        quantizer.eval()
        quantizer(torch.randn(9, D))
    taken = tap.take()
    # Passes of other lengths are filled up with what is not counted.
    assert taken["indices"].shape == (5, 5) and int((taken["indices"] < 0).sum()) == 3
    assert torch.equal(taken["indices"][:2], a) and torch.equal(taken["indices"][2:, :4], b)
    assert torch.equal(taken["latents"], second)
    assert tap.take() == {}
    quantizer.train()
    tap.close()
    quantizer(first)
    assert tap.take() == {}


def test_a_name_that_is_not_there_is_said(tmp_path):
    callback = ForLightning(tmp_path, "nowhere")
    with pytest.raises(AttributeError, match="nowhere"):
        callback.on_train_start(lightning.Trainer(logger=False, accelerator="cpu"), Module())
