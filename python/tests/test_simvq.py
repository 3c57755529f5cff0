"""The remedy: a loop that collapses, and that one line rescues."""

import copy
from itertools import chain

import pytest
import torch
import vqscope
from loop import D, K, Training
from torch import nn


def test_a_collapsed_loop_is_rescued_by_one_line():
    plain, cured = Training(), Training()
    for training in [plain, cured]:
        # Half of these steps are on the way down.
        assert training.used(400) < K / 3
    after = plain.used(400), plain.error
    vqscope.simvq(cured.quantizer.embedding, cured.optimizer)
    cured.used(200)
    rescued = cured.used(200), cured.error
    assert after[0] < K / 5, "the loop collapses without it"
    assert rescued[0] > K * 0.8
    assert rescued[1] < after[1] * 0.88


def test_codes_stay_and_w_learns_until_it_is_undone():
    training = Training()
    embedding, optimizer = training.quantizer.embedding, training.optimizer
    training.used(5)
    weight = embedding.weight
    before = weight.detach().clone()
    cure = vqscope.simvq(embedding, optimizer, fresh=False)
    assert torch.equal(embedding.weight, before), "W is the identity: no code moves at first"
    assert torch.equal(cure.before, before)
    groups = list(chain(*(group["params"] for group in optimizer.param_groups)))
    assert any(p is cure.W for p in groups) and any(p is cure.b for p in groups)
    assert not any(p is weight for p in groups)
    assert {name for name, _ in embedding.named_parameters()} == {
        "parametrizations.weight.original",
        "parametrizations.weight.0.W",
        "parametrizations.weight.0.b",
    }
    training.used(20)
    assert torch.equal(cure.C, before) and not cure.C.requires_grad
    assert not torch.equal(cure.W, torch.eye(D)) and cure.b.abs().max() > 0
    assert torch.allclose(embedding.weight, before @ cure.W + cure.b, atol=1e-6)
    moved = embedding.weight.detach().clone()
    assert ((moved - before).norm(dim=1) > 0).all(), "all codes move with W"
    cure.undo()
    assert isinstance(embedding.weight, nn.Parameter) and embedding.weight.requires_grad
    assert torch.equal(embedding.weight, moved)
    assert type(embedding) is nn.Embedding
    held = list(chain(*(group["params"] for group in optimizer.param_groups)))
    assert any(p is embedding.weight for p in held) and not any(p is cure.W for p in held)
    training.used(20)
    assert not torch.equal(embedding.weight, moved), "the codes learn again"
    with pytest.raises(ValueError, match="taken off already"):
        cure.undo()
    # And once more from the beginning.
    vqscope.simvq(embedding, optimizer)
    training.used(3)


def test_latents_set_where_the_codes_begin():
    embedding = nn.Embedding(K, D)
    latents = torch.randn(4096, D) * torch.linspace(0.1, 3, D) + 5
    vqscope.simvq(embedding, latents=latents.reshape(64, 64, D))
    made = embedding.weight
    assert torch.allclose(made.mean(0), latents.mean(0), atol=1e-4)
    assert torch.allclose(made.std(0), latents.std(0), rtol=1e-3)


def test_the_same_seed_draws_the_same_codes_and_leaves_other_numbers_alone():
    first, second = nn.Embedding(K, D), nn.Embedding(K, D)
    torch.manual_seed(1)
    one = vqscope.simvq(first, seed=3).C
    after = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), after)
    assert torch.equal(vqscope.simvq(second, seed=3).C, one)
    assert not torch.equal(vqscope.simvq(nn.Embedding(K, D), seed=4).C, one)
    assert abs(one.std().item() - D**-0.5) < 0.02


def test_groups_keep_their_settings_and_named_optimizers_their_names():
    embedding, other = nn.Embedding(K, D), nn.Linear(D, D)
    optimizer = torch.optim.AdamW(
        [
            {"params": list(other.named_parameters()), "lr": 1e-3},
            {"params": list(embedding.named_parameters()), "lr": 5e-2, "weight_decay": 0.0},
        ]
    )
    cure = vqscope.simvq(embedding, optimizer)
    first, second = optimizer.param_groups
    assert [p is q for p, q in zip(second["params"], [cure.W, cure.b])] == [True, True]
    assert second["lr"] == 5e-2 and len(first["params"]) == 2
    assert len(second["param_names"]) == 2
    cure.undo()
    assert len(second["params"]) == len(second["param_names"]) == 1
    optimizer.load_state_dict(optimizer.state_dict())


def test_a_copy_of_the_model_has_a_w_of_its_own():
    training = Training()
    cure = vqscope.simvq(training.quantizer.embedding, training.optimizer)
    average = copy.deepcopy(training.quantizer)
    training.used(5)
    assert torch.equal(average.embedding.parametrizations.weight[0].W, torch.eye(D))
    held = copy.deepcopy(average.embedding.state_dict())
    average.embedding.load_state_dict(training.quantizer.embedding.state_dict())
    assert torch.equal(average.embedding.weight, training.quantizer.embedding.weight)
    assert set(held) == set(cure._embedding.state_dict())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: (torch.randn(4, 2), None), "not a Tensor"),
        (lambda: (nn.Conv2d(2, 2, 3), None), "EMA"),
        (
            lambda: (nn.Embedding(4, 2), torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=1)),
            "does not update",
        ),
    ],
)
def test_what_cannot_have_a_w_says_so(make, words):
    module, optimizer = make()
    with pytest.raises((TypeError, ValueError), match=words):
        vqscope.simvq(module, optimizer)


def test_one_w_at_a_time():
    embedding = nn.Embedding(K, D)
    vqscope.simvq(embedding)
    with pytest.raises(ValueError, match="has a W already"):
        vqscope.simvq(embedding)
    with pytest.raises(ValueError, match="channels last"):
        vqscope.simvq(nn.Embedding(K, D), latents=torch.randn(4, D + 1))
