#!/usr/bin/env python3
"""Launches of a training step and the bytes that it uploads and reads back, by phase.

    apt-get install gfxreconstruct
    python3 benches/transfers.py [K D N [STEPS]] [--device NAME]

By default 512 codes in 16 dimensions, 512 tokens a step, after 40 steps, on the first GPU. Counted
are the commands that reach the Vulkan driver, by a layer between it and the program (Debian's
`gfxreconstruct`). What the benchmark `launches` heard of the runtime's own launch observer must be
the same launches in the same order, or nothing is said. An upload belongs to the launch that reads
it first. Works on any Vulkan adapter.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile

UPLOAD, DOWNLOAD = "upload", "download"
# A buffer that can only be copied from, or only to, is one of the host's (VkBufferUsageFlagBits).
SOURCE_ONLY, DESTINATION_ONLY = 1, 2


def capture(folder, arguments, device):
    """What the benchmark printed, and the file with the driver's commands."""
    file = os.path.join(folder, "commands.gfxr")
    layer = {
        "VK_INSTANCE_LAYERS": "VK_LAYER_LUNARG_gfxreconstruct",
        "GFXRECON_CAPTURE_FILE": file,
        "GFXRECON_CAPTURE_FILE_TIMESTAMP": "false",
        "GFXRECON_LOG_LEVEL": "error",
        # The other modes copy or protect mapped memory, which the program's buffers do not survive.
        "GFXRECON_MEMORY_TRACKING_MODE": "assisted",
    }
    command = ["cargo", "bench", "-q", "--bench", "speed", "--", "launches", *arguments]
    command += ["--device", device]
    run = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **layer}
    )
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    listing = os.path.join(folder, "commands.jsonl")
    subprocess.run(["gfxrecon-convert", "--output", listing, file], check=True)
    return lines[:-1], lines[-1]["launches_in_all"], listing


def commands(listing):
    """What the device did, in its order: dispatches with the ranges they bind, and copies."""
    usage, bound, recorded = {}, {}, collections.defaultdict(list)
    now = {}
    done = []
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            call = json.loads(line).get("vkFunc")
            if call is None:
                continue
            name, a = call["name"], call["args"]
            if name == "vkCreateBuffer":
                usage[a["pBuffer"]] = a["pCreateInfo"]["usage"]
            elif name == "vkUpdateDescriptorSets":
                for write in a["pDescriptorWrites"]:
                    ranges = bound.setdefault(write["dstSet"], {})
                    for info in write["pBufferInfo"] or []:
                        # Where the buffer ends is not asked for: a whole one is as good.
                        last = info["offset"] + info["range"]
                        ranges[write["dstBinding"]] = (info["buffer"], info["offset"], last)
            elif name == "vkBeginCommandBuffer":
                recorded[a["commandBuffer"]] = []
            elif name == "vkCmdBindDescriptorSets":
                sets = [list(bound.get(of, {}).values()) for of in a["pDescriptorSets"]]
                now[a["commandBuffer"]] = [one for of in sets for one in of]
            elif name == "vkCmdDispatch":
                buffer = a["commandBuffer"]
                recorded[buffer].append(("dispatch", now.get(buffer, [])))
            elif name == "vkCmdCopyBuffer":
                for region in a["pRegions"]:
                    size = region["size"]
                    if usage[a["srcBuffer"]] == SOURCE_ONLY:
                        first = region["dstOffset"]
                        where = (a["dstBuffer"], first, first + size)
                        recorded[a["commandBuffer"]].append((UPLOAD, where))
                    elif usage[a["dstBuffer"]] == DESTINATION_ONLY:
                        recorded[a["commandBuffer"]].append((DOWNLOAD, size))
            elif name == "vkQueueSubmit":
                for submit in a["pSubmits"]:
                    for buffer in submit["pCommandBuffers"] or []:
                        done += recorded[buffer]
    return done


def overlaps(one, other):
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def by_phase(of, done, at):
    """Launches, uploaded and read back bytes of one step, for each phase."""
    table = {phase: [count, 0, 0] for phase, count in of["phases"].items()}
    start, in_order = of["step_starts_at"], of["in_order"]
    end = start + len(in_order)
    bindings = [done[at[launch]][1] for launch in range(start, end)]
    first = at[start - 1] + 1 if start else 0
    for kind, what in done[first : at[end - 1]]:
        if kind == UPLOAD:
            users = [i for i, ranges in enumerate(bindings) if any(overlaps(what, r) for r in ranges)]
            phase = in_order[users[0]] if users else "other"
            table[phase][1] += what[2] - what[1]
    for launch in range(start, end - 1):
        copies = done[at[launch] + 1 : at[launch + 1]]
        table[in_order[launch - start]][2] += sum(of for kind, of in copies if kind == DOWNLOAD)
    after = end + of["read_back"]
    last = at[after] if after < len(at) else len(done)
    copies = done[at[end - 1] + 1 : last]
    read = sum(what for kind, what in copies if kind == DOWNLOAD)
    table[f"reading back, once for {of['steps_read_back']} steps"] = [of["read_back"], 0, read]
    return table


def main():
    arguments, device = sys.argv[1:], "gpu"
    if "--device" in arguments:
        where = arguments.index("--device")
        device = arguments[where + 1]
        del arguments[where : where + 2]
    arguments = arguments or ["512", "16", "512"]
    with tempfile.TemporaryDirectory() as folder:
        cases, launches, listing = capture(folder, arguments, device)
        done = commands(listing)
    at = [i for i, (kind, _) in enumerate(done) if kind == "dispatch"]
    if len(at) != launches:
        sys.exit(f"the runtime told of {launches} launches, and {len(at)} reached the driver")
    print(f"{cases[0]['device']}; K, d, N: {' '.join(arguments)}; bytes of one step\n")
    for of in cases:
        print(f"| {of['lanes']} | launches | uploaded | read back |\n|---|---|---|---|")
        table = by_phase(of, done, at)
        for phase, (count, up, down) in table.items():
            if count or up or down:
                print(f"| {phase} | {count} | {up:,} | {down:,} |")
        steps = [row for phase, row in table.items() if not phase.startswith("reading")]
        count, up, down = (sum(of) for of in zip(*steps))
        print(f"| **a step** | **{count}** | **{up:,}** | **{down:,}** |\n")


if __name__ == "__main__":
    main()
