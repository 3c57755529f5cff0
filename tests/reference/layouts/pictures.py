"""Models of diffusers and transformers with one codebook: rows 5, 6 and 33, by the real classes."""

import torch
from diffusers import VQModel
from torch import nn
from transformers import Wav2Vec2Config
from transformers.models.chameleon.configuration_chameleon import ChameleonVQVAEConfig
from transformers.models.chameleon.modeling_chameleon import ChameleonVQVAEVectorQuantizer
from transformers.models.emu3.configuration_emu3 import Emu3VQVAEConfig
from transformers.models.emu3.modeling_emu3 import Emu3VQVAEVectorQuantizer
from transformers.models.janus.configuration_janus import JanusVQVAEConfig
from transformers.models.janus.modeling_janus import JanusVQVAEVectorQuantizer
from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2GumbelVectorQuantizer

from layouts.common import K, Level, Made, autoencoder, seed


def diffusers_models(out):
    for folder in ["vqmodel", "vqmodel_ema"]:
        seed(5 + len(folder))
        model = VQModel(
            block_out_channels=(4,),
            norm_num_groups=2,
            latent_channels=3,
            num_vq_embeddings=K,
            layers_per_block=1,
            down_block_types=("DownEncoderBlock2D",),
            up_block_types=("UpDecoderBlock2D",),
        )
        state = {k: v for k, v in model.state_dict().items() if v.numel() < 200}
        made = Made(
            f"05-diffusers/checkpoint-500/{folder}/diffusion_pytorch_model.safetensors",
            "diffusers VQModel",
            "5, 3.2",
            "class",
            "l2",
            [Level(K, 3, model.quantize.embedding.weight)],
            note="a folder per step, the averaged model beside it; without the larger convolutions",
            step=500,
        )
        out.tensors(made, state)


def transformers_models(out):
    small = {"num_embeddings": K, "embed_dim": 4}
    for name, quantizer, prefix in [
        (
            "chameleon",
            ChameleonVQVAEVectorQuantizer(ChameleonVQVAEConfig(**small)),
            "model.vqmodel.",
        ),
        ("emu3", Emu3VQVAEVectorQuantizer(Emu3VQVAEConfig(codebook_size=K, embed_dim=4)), ""),
        ("janus", JanusVQVAEVectorQuantizer(JanusVQVAEConfig(**small)), "model.vqmodel."),
    ]:
        torch.manual_seed(len(name))
        nn.init.normal_(quantizer.embedding.weight)
        state = {f"quantize.{k}": v for k, v in quantizer.state_dict().items()}
        around = autoencoder(len(name))
        state.update({k: v for k, v in around.items() if not k.startswith("loss.")})
        state = {prefix + k: v for k, v in state.items()}
        if prefix:
            # Inside a language model, whose own table of tokens is an embedding as well.
            state["model.embed_tokens.weight"] = torch.randn(40, 12) * 0.02
            state["lm_head.weight"] = torch.randn(40, 12) * 0.02
        note = "its class in transformers compares by L2" if name == "janus" else ""
        made = Made(
            f"06-{name}.safetensors",
            f"transformers {name}",
            "6",
            "class",
            "l2",
            [Level(K, 4, quantizer.embedding.weight)],
            note=note,
        )
        out.tensors(made, state)


def wav2vec(out):
    seed(33)
    config = Wav2Vec2Config(
        codevector_dim=8,
        num_codevectors_per_group=16,
        num_codevector_groups=2,
        conv_dim=(12,),
        conv_stride=(2,),
        conv_kernel=(3,),
        num_feat_extract_layers=1,
    )
    model = nn.Module()
    model.quantizer = Wav2Vec2GumbelVectorQuantizer(config)
    nn.init.uniform_(model.quantizer.codevectors)
    model.project_q = nn.Linear(8, 8)
    codes = model.quantizer.codevectors[0]
    levels = [Level(16, 4, codes[16 * g : 16 * (g + 1)], name=f"group {g}") for g in range(2)]
    made = Made(
        "33-wav2vec2.safetensors",
        "transformers wav2vec 2.0",
        "33",
        "class",
        "gumbel",
        levels,
        note="codevectors [1, groups * K, d]; weight_proj [groups * K, z] has as many rows",
    )
    out.tensors(made, model.state_dict())


def make(out):
    for part in [diffusers_models, transformers_models, wav2vec]:
        part(out)
