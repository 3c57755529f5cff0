//! Which device computes, and why.
//!
//! The choice is made once, on the main thread and before a window opens, because the Vulkan
//! loader crashes when instances are made on several threads at once; the trainer thread then
//! opens what was chosen.

use burn::tensor::wgpu::{WgpuBackend, wgpu};
use burn::tensor::{Device, DeviceKind};

use crate::model::nearest::Search;
use crate::train::snapshot::DeviceLabel;

/// Why no device can be used.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum DeviceError {
    /// `--device gpu` where there is none.
    #[error(
        "there is no GPU here that wgpu can use ({0}); use --device cpu, or --device auto to take what there is"
    )]
    NoGpu(String),
    /// A name that no adapter has.
    #[error("no device's name contains \"{asked}\"; `vqscope devices` lists: {listed}")]
    NoSuchName {
        /// The name asked for.
        asked: String,
        /// What there is.
        listed: String,
    },
    /// The adapter refused to open.
    #[error("the adapter {name} could not be opened ({reason}); use --device cpu")]
    Refused {
        /// The adapter.
        name: String,
        /// wgpu's reason.
        reason: String,
    },
    /// A tensor of the run is larger than a buffer of the adapter may be.
    #[error(transparent)]
    TooLarge(Box<TooLarge>),
}

/// A tensor of a run that is larger than a buffer of the adapter may be.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{name} takes buffers of {limit} at most, and lane {lane} needs {need} for {what}; {way_out}, or use --device cpu"
)]
pub struct TooLarge {
    /// The adapter.
    pub name: String,
    /// Its largest buffer.
    pub limit: String,
    /// The lane.
    pub lane: &'static str,
    /// The tensor.
    pub what: &'static str,
    /// Its size.
    pub need: String,
    /// What makes it fit.
    pub way_out: String,
}

/// A device that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Name, as `--device NAME` matches it.
    pub name: String,
    /// "GPU", "software Vulkan" or "CPU".
    pub kind: &'static str,
    /// Graphics interface, or the instruction set of the CPU.
    pub detail: String,
    target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Flex,
    Wgpu { kind: DeviceKind, api: WgpuBackend, software: bool },
}

/// A chosen device that is not open yet.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Name and reason for the status bar.
    pub label: DeviceLabel,
    /// Whether a GPU computes.
    pub is_gpu: bool,
    target: Target,
}

/// An open device.
#[derive(Clone)]
pub struct Compute {
    /// burn's device, without autodiff.
    pub device: Device,
    /// How nearest codes are searched there.
    pub search: Search,
    /// Bytes of the largest buffer that the adapter binds; none for the CPU.
    pub buffer_limit: Option<u64>,
    /// Name and reason for the status bar.
    pub label: DeviceLabel,
}

/// The instruction set that the CPU backend and the code search choose at run time.
pub fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            "x86-64 with AVX-512"
        } else if std::arch::is_x86_feature_detected!("avx2") {
            "x86-64 with AVX2"
        } else {
            "x86-64"
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        std::env::consts::ARCH
    }
}

/// The CPU alone; asks no graphics driver.
pub fn cpu_only() -> Vec<Listed> {
    vec![Listed {
        name: "CPU (burn-flex)".into(),
        kind: "CPU",
        detail: format!("{}, {} threads", instruction_set(), rayon::current_num_threads()),
        target: Target::Flex,
    }]
}

/// All devices, the CPU first; adapters in the order of wgpu.
pub fn list() -> Vec<Listed> {
    let mut devices = cpu_only();
    let apis = [
        (wgpu::Backends::VULKAN, WgpuBackend::Vulkan, "Vulkan"),
        (wgpu::Backends::METAL, WgpuBackend::Metal, "Metal"),
        (wgpu::Backends::DX12, WgpuBackend::Dx12, "DirectX 12"),
    ];
    for (backends, api, name) in apis {
        // One instance after another, each dropped before the next is made.
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let mut seen = [0_usize; 3];
        for adapter in pollster::block_on(instance.enumerate_adapters(backends)) {
            let info = adapter.get_info();
            // burn counts every kind of adapter on its own.
            let mut next = |kind: usize| {
                seen[kind] += 1;
                seen[kind] - 1
            };
            let kind = match info.device_type {
                wgpu::DeviceType::DiscreteGpu => DeviceKind::DiscreteGpu(next(0)),
                wgpu::DeviceType::IntegratedGpu => DeviceKind::IntegratedGpu(next(1)),
                wgpu::DeviceType::VirtualGpu => DeviceKind::VirtualGpu(next(2)),
                wgpu::DeviceType::Cpu => DeviceKind::Cpu,
                wgpu::DeviceType::Other => continue,
            };
            let software = info.device_type == wgpu::DeviceType::Cpu;
            devices.push(Listed {
                name: info.name,
                kind: if software { "software Vulkan" } else { "GPU" },
                detail: [name, &info.driver, &info.driver_info].join(" ").trim().to_string(),
                target: Target::Wgpu { kind, api, software },
            });
        }
    }
    devices
}

/// Chooses among `devices`: "auto", "cpu", "gpu", or part of a name.
///
/// A software Vulkan adapter is never taken for a GPU; only its name chooses it.
///
/// # Errors
/// [`DeviceError::NoGpu`] and [`DeviceError::NoSuchName`].
pub fn choose(asked: &str, devices: &[Listed]) -> Result<Choice, DeviceError> {
    let rank = |listed: &&Listed| match listed.target {
        Target::Wgpu { kind: DeviceKind::DiscreteGpu(_), .. } => 0,
        Target::Wgpu { kind: DeviceKind::IntegratedGpu(_), .. } => 1,
        _ => 2,
    };
    let gpu = devices
        .iter()
        .filter(|d| matches!(d.target, Target::Wgpu { software: false, .. }))
        .min_by_key(rank);
    let software = devices.iter().find(|d| matches!(d.target, Target::Wgpu { software: true, .. }));
    let no_gpu = match software {
        Some(s) => format!("only software Vulkan: {}", s.name),
        None => "no graphics adapter was found".into(),
    };
    let choice = |listed: &Listed, reason: String| Choice {
        label: DeviceLabel { name: listed.name.clone(), reason },
        is_gpu: matches!(listed.target, Target::Wgpu { software: false, .. }),
        target: listed.target.clone(),
    };
    let cpu = devices.iter().find(|d| d.target == Target::Flex).expect("the CPU is always listed");
    match asked {
        "auto" => Ok(match gpu {
            Some(gpu) => choice(gpu, "the GPU found here".into()),
            None => choice(cpu, no_gpu),
        }),
        "cpu" => Ok(choice(cpu, "asked for".into())),
        "gpu" => gpu.map(|g| choice(g, "asked for".into())).ok_or(DeviceError::NoGpu(no_gpu)),
        name => devices
            .iter()
            .find(|d| d.name.to_lowercase().contains(&name.to_lowercase()))
            .map(|d| choice(d, "asked for by name".into()))
            .ok_or_else(|| DeviceError::NoSuchName {
                asked: name.into(),
                listed: devices.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", "),
            }),
    }
}

/// An adapter that is open, with the bytes of its largest buffer.
type Opened = ((DeviceKind, WgpuBackend), Device, u64);

impl Choice {
    /// Opens the device. Call it on the thread that will own all tensors.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] with the adapter's name.
    pub fn open(&self) -> Result<Compute, DeviceError> {
        let label = self.label.clone();
        match &self.target {
            Target::Flex => Ok(Compute {
                device: Device::flex(),
                search: Search::Host,
                buffer_limit: None,
                label,
            }),
            Target::Wgpu { kind, api, .. } => {
                let refused =
                    |reason: String| DeviceError::Refused { name: label.name.clone(), reason };
                let key = (kind.clone(), *api);
                // A selector can be initialized only once per process; a restart reuses it.
                static OPEN: std::sync::Mutex<Vec<Opened>> = std::sync::Mutex::new(Vec::new());
                let mut open = OPEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let (device, limit) = match open.iter().find(|(k, ..)| *k == key) {
                    Some((_, device, limit)) => (device.clone(), *limit),
                    None => {
                        let (device, setup) = Device::wgpu_options()
                            .tasks_max(64)
                            .device_kind(kind.clone())
                            .graphics_api(*api)
                            .init_with_setup()
                            .map_err(|e| refused(e.to_string()))?;
                        let limits = setup.device.limits();
                        let limit =
                            limits.max_buffer_size.min(limits.max_storage_buffer_binding_size);
                        open.push((key, device.clone(), limit));
                        (device, limit)
                    }
                };
                Ok(Compute { device, search: Search::Device, buffer_limit: Some(limit), label })
            }
        }
    }
}

/// The first graphics adapter, open, real or software; none, which is said, where there is none.
#[cfg(test)]
pub fn any_adapter() -> Option<Compute> {
    let listed = list();
    let Some(adapter) = listed.iter().find(|d| d.kind != "CPU") else {
        eprintln!("skipped: no graphics adapter is here, not even Mesa's software Vulkan");
        return None;
    };
    let choice = choose(&adapter.name, &listed).expect("it is listed");
    Some(choice.open().expect("the adapter opens"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, target: Target) -> Listed {
        Listed { name: name.into(), kind: "", detail: String::new(), target }
    }

    fn machine(gpu: bool) -> Vec<Listed> {
        let wgpu = |kind, software| Target::Wgpu { kind, api: WgpuBackend::Vulkan, software };
        let mut all = vec![
            listed("CPU (burn-flex)", Target::Flex),
            listed("llvmpipe (LLVM 15)", wgpu(DeviceKind::Cpu, true)),
        ];
        if gpu {
            all.push(listed("Integrated 1", wgpu(DeviceKind::IntegratedGpu(0), false)));
            all.push(listed("Discrete 9", wgpu(DeviceKind::DiscreteGpu(0), false)));
        }
        all
    }

    #[test]
    fn auto_takes_a_real_gpu_and_never_software() {
        assert_eq!(choose("auto", &machine(true)).unwrap().label.name, "Discrete 9");
        let choice = choose("auto", &machine(false)).unwrap();
        assert_eq!(choice.label.name, "CPU (burn-flex)");
        assert_eq!(choice.label.reason, "only software Vulkan: llvmpipe (LLVM 15)");
        assert!(!choice.is_gpu);
    }

    #[test]
    fn software_is_chosen_by_name_only() {
        let error = choose("gpu", &machine(false)).unwrap_err().to_string();
        assert!(error.contains("only software Vulkan"), "{error}");
        assert_eq!(choose("LLVMpipe", &machine(false)).unwrap().label.name, "llvmpipe (LLVM 15)");
        let error = choose("voodoo", &machine(true)).unwrap_err().to_string();
        assert!(error.contains("voodoo") && error.contains("Discrete 9"), "{error}");
    }
}
