"""A training that is small enough for a test: vectors of 32 numbers, and codes that collapse."""

import torch
from torch import nn

K, D = 256, 8


class Quantizer(nn.Module):
    """The quantizer of VQ-VAE, as people write it by hand."""

    def __init__(self, size=K, dim=D):
        super().__init__()
        self.embedding = nn.Embedding(size, dim)
        nn.init.uniform_(self.embedding.weight, -1 / size, 1 / size)

    def forward(self, z):
        codes = self.embedding.weight
        flat = z.reshape(-1, z.shape[-1])
        indices = torch.cdist(flat, codes).argmin(-1).reshape(z.shape[:-1])
        quantized = self.embedding(indices)
        self.moved = (quantized - z.detach()).square().mean()
        self.commitment = (quantized.detach() - z).square().mean()
        loss = self.moved + 0.25 * self.commitment
        return z + (quantized - z).detach(), indices, loss


class Training:
    """Encoder, quantizer, decoder, optimizer, and batches that come from 16 causes."""

    def __init__(self, quantizer=None, seed=0, lr=1e-3, optimizer=torch.optim.Adam):
        torch.manual_seed(seed)
        self.mix = torch.randn(16, 32) / 4
        self.encoder = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, D))
        self.decoder = nn.Sequential(nn.Linear(D, 64), nn.ReLU(), nn.Linear(64, 32))
        self.quantizer = Quantizer() if quantizer is None else quantizer
        parts = [self.encoder, self.decoder, self.quantizer]
        learned = [p for part in parts for p in part.parameters() if p.requires_grad]
        self.optimizer = optimizer(learned, lr=lr)
        # Numbers of its own, so that trainings beside each other see the same batches.
        self.numbers = torch.Generator().manual_seed(seed)
        self.step = 0
        self.error = None

    def batch(self):
        return torch.randn(256, 16, generator=self.numbers) @ self.mix

    def one(self, weight=None):
        """A step; `weight` is that of the commitment loss. It leaves x, z and indices behind."""
        self.x = self.batch()
        self.z = self.encoder(self.x)
        quantized, self.indices, loss = self.quantizer(self.z)
        if weight is not None:
            loss = self.quantizer.moved + weight * self.quantizer.commitment
        error = (self.decoder(quantized) - self.x).square().mean()
        self.optimizer.zero_grad()
        (error + loss).backward()
        self.optimizer.step()
        self.step += 1
        self.error = error.item()

    def used(self, count):
        """Steps, and how many codes were chosen in them."""
        seen = set()
        for _ in range(count):
            self.one()
            seen.update(self.indices.flatten().tolist())
        return len(seen)
