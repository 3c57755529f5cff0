//! Which device computes, and why.
//!
//! The choice is made once, on the main thread and before a window opens, because the Vulkan
//! loader crashes when instances are made on several threads at once; the trainer thread then
//! opens what was chosen.

mod opened;
#[cfg(test)]
pub mod pretended;

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::wgpu::{WgpuBackend, wgpu};
use burn::tensor::{Device, DeviceKind, ExecutionError};

use crate::engine::device::opened::{Opened, opened};
use crate::machine::instruction_set;
use crate::model::nearest::Backend;
use crate::record::reason::Reason;
use crate::record::status::{CPU, DeviceLabel};
use crate::words::english;

/// Workgroups that keep a GPU busy, about; more of them are smaller and fetch more.
const BUSY: usize = 128;

/// The same of an adapter in software, whose units are the cores of the processor.
const BUSY_SOFTWARE: usize = 2;

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

/// What a device is opened on: the CPU or a graphics adapter.
pub trait Adapter: Debug + Send + Sync {
    /// Whether it is a graphics adapter, real or software, and may fail.
    fn is_graphics(&self) -> bool;

    /// Opens its device, on the thread that will own all tensors.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] with the adapter's name.
    fn open(self: Arc<Self>, label: DeviceLabel) -> Result<Compute, DeviceError>;

    /// Its device failed: whoever opens it next gets a new one.
    fn give_up(&self);

    /// Asked before each step, so many being trained, whether it still computes. Those of a machine
    /// say so by what is read back.
    ///
    /// # Errors
    /// Why it computes no more.
    fn before_step(&self, _trained: u64) -> Result<(), ExecutionError> {
        Ok(())
    }
}

/// A chosen device that is not open yet.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Name and reason for the status bar.
    pub label: DeviceLabel,
    adapter: Arc<dyn Adapter>,
}

/// An open device.
#[derive(Clone)]
pub struct Compute {
    /// burn's device, without autodiff.
    pub device: Device,
    /// How nearest codes are searched there.
    pub search: Backend,
    /// Bytes of the largest buffer that the adapter binds; none for the CPU.
    pub buffer_limit: Option<u64>,
    /// Workgroups that keep the adapter busy, where it allows steps in few launches.
    pub busy: Option<usize>,
    /// Name and reason for the status bar.
    pub label: DeviceLabel,
    /// What it is opened on.
    pub adapter: Arc<dyn Adapter>,
}

/// The CPU alone; asks no graphics driver.
pub fn cpu_only() -> Vec<Listed> {
    vec![Listed {
        name: CPU.into(),
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
        Some(s) => Reason::OnlySoftware(s.name.clone()),
        None => Reason::NoAdapter,
    };
    let choice = |listed: &Listed, reason| Choice {
        label: DeviceLabel { name: listed.name.clone(), reason },
        adapter: Arc::new(listed.target.clone()),
    };
    let cpu = devices.iter().find(|d| d.target == Target::Flex).expect("the CPU is always listed");
    match asked {
        "auto" => Ok(match gpu {
            Some(gpu) => choice(gpu, Reason::GpuFound),
            None => choice(cpu, no_gpu),
        }),
        "cpu" => Ok(choice(cpu, Reason::AskedFor)),
        "gpu" => gpu
            .map(|g| choice(g, Reason::AskedFor))
            .ok_or_else(|| DeviceError::NoGpu(english(|| no_gpu.text()))),
        name => devices
            .iter()
            .find(|d| d.name.to_lowercase().contains(&name.to_lowercase()))
            .map(|d| choice(d, Reason::AskedForByName))
            .ok_or_else(|| DeviceError::NoSuchName {
                asked: name.into(),
                listed: devices.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", "),
            }),
    }
}

impl Choice {
    /// Whether a graphics adapter computes, real or software, and may fail.
    pub fn is_adapter(&self) -> bool {
        self.adapter.is_graphics()
    }

    /// The CPU in the place of this device, which failed.
    pub fn cpu_instead(&self) -> Self {
        let cpu = cpu_only().swap_remove(0);
        let reason = Reason::Failed(self.label.name.clone());
        Self { label: DeviceLabel { name: cpu.name, reason }, adapter: Arc::new(cpu.target) }
    }

    /// The same adapter after its device failed: whoever opens it next gets a new one.
    pub fn anew(&self) -> Self {
        self.adapter.give_up();
        let reason = Reason::OpenedAnew;
        Self { label: DeviceLabel { reason, ..self.label.clone() }, adapter: self.adapter.clone() }
    }

    /// Opens the device. Call it on the thread that will own all tensors.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] with the adapter's name.
    pub fn open(&self) -> Result<Compute, DeviceError> {
        log::info!("opening {}: {:?}", self.label.name, self.label.reason);
        self.adapter.clone().open(self.label.clone())
    }
}

impl Adapter for Target {
    fn is_graphics(&self) -> bool {
        *self != Self::Flex
    }

    fn open(self: Arc<Self>, label: DeviceLabel) -> Result<Compute, DeviceError> {
        let Self::Wgpu { kind, api, software } = &*self else {
            return Ok(Compute::host(label, self));
        };
        let refused = |reason| DeviceError::Refused { name: label.name.clone(), reason };
        let mut open = opened();
        let at = match open.iter().position(|o| o.is_on(kind, *api)) {
            Some(at) => at,
            None => {
                open.push(Opened::new(kind, *api).map_err(refused)?);
                open.len() - 1
            }
        };
        if open[at].has_failed {
            open[at] = open[at].anew().map_err(refused)?;
        }
        Ok(Compute {
            device: open[at].device.clone(),
            search: Backend::Device,
            buffer_limit: Some(open[at].buffer_limit()),
            busy: open[at].allows_few_launches().then_some(match software {
                true => BUSY_SOFTWARE,
                false => BUSY,
            }),
            label,
            adapter: self,
        })
    }

    fn give_up(&self) {
        if let Self::Wgpu { kind, api, .. } = self {
            let mut open = opened();
            open.iter_mut().filter(|o| o.is_on(kind, *api)).for_each(Opened::give_up);
        }
    }
}

impl Compute {
    fn host(label: DeviceLabel, adapter: Arc<dyn Adapter>) -> Self {
        let (device, search) = (Device::flex(), Backend::Host);
        Self { device, search, buffer_limit: None, busy: None, label, adapter }
    }
}

/// An adapter with no more than what WebGPU asks of every one; none, which is said, where there is no
/// adapter.
#[cfg(test)]
pub fn least_adapter() -> Option<Compute> {
    let compute = any_adapter()?;
    let open = opened();
    let adapter = open.iter().find(|opened| opened.device == compute.device);
    let least = adapter.expect("it is open").with_the_least().expect("any adapter can do as much");
    let compute = Compute {
        device: least.device.clone(),
        buffer_limit: Some(least.buffer_limit()),
        // Shared out as for a GPU.
        busy: Some(BUSY),
        ..compute
    };
    // Its setup lives as long as the process, as that of every device does.
    std::mem::forget(least);
    drop(open);
    Some(compute)
}

/// The first graphics adapter, real or software such as Mesa's; none, which is said, where there is
/// none.
#[cfg(test)]
fn first_adapter() -> Option<&'static Listed> {
    // Once, because instances are made for it.
    static LISTED: std::sync::OnceLock<Vec<Listed>> = std::sync::OnceLock::new();
    let adapter = LISTED.get_or_init(list).iter().find(|d| d.kind != "CPU");
    crate::patience::has("adapter", adapter.is_some());
    adapter
}

/// The first graphics adapter, open.
#[cfg(test)]
pub fn any_adapter() -> Option<Compute> {
    let adapter = first_adapter()?;
    let listed = [cpu_only().remove(0), adapter.clone()];
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
        assert_eq!(choice.label.reason, Reason::OnlySoftware("llvmpipe (LLVM 15)".into()));
        assert!(!choice.is_adapter());
    }

    #[test]
    fn software_is_chosen_by_name_only() {
        let error = choose("gpu", &machine(false)).unwrap_err().to_string();
        assert!(error.contains("only software Vulkan"), "{error}");
        let choice = choose("LLVMpipe", &machine(false)).unwrap();
        assert_eq!(choice.label.name, "llvmpipe (LLVM 15)");
        // It can fail as a GPU can.
        assert!(choice.is_adapter());
        let error = choose("voodoo", &machine(true)).unwrap_err().to_string();
        assert!(error.contains("voodoo") && error.contains("Discrete 9"), "{error}");
    }

    #[test]
    fn an_adapter_opens_anew_after_its_device_failed() {
        let Some(listed) = first_adapter() else { return };
        let Target::Wgpu { api, software, .. } = listed.target else { panic!("no adapter") };
        // Not the device that other tests compute on.
        let target = Target::Wgpu { kind: DeviceKind::DefaultDevice, api, software };
        let choice =
            choose(&listed.name, &[cpu_only().remove(0), Listed { target, ..listed.clone() }]);
        let choice = choice.unwrap();
        let sum = |compute: &Compute| -> Vec<f32> {
            let ones = burn::tensor::Tensor::<1>::ones([300], &compute.device);
            ones.sum().into_data().try_into_vec().unwrap()
        };
        let first = choice.open().unwrap();
        assert_eq!(sum(&first), [300.0]);
        // A restart goes on with the same device.
        assert_eq!(choice.open().unwrap().device, first.device);
        let mut before = vec![first.device];
        // As often as need be.
        for _ in 0..2 {
            let anew = choice.anew();
            assert_eq!(anew.label.reason, Reason::OpenedAnew);
            // Without another word to whoever asks for the adapter next.
            let next = choice.open().unwrap();
            assert!(!before.contains(&next.device));
            assert_eq!(sum(&next), [300.0]);
            assert_eq!(anew.open().unwrap().device, next.device);
            before.push(next.device);
        }
    }

    #[test]
    fn the_cpu_takes_the_place_of_a_device_that_failed() {
        let cpu = choose("discrete", &machine(true)).unwrap().cpu_instead();
        assert_eq!((cpu.label.name.as_str(), cpu.is_adapter()), ("CPU (burn-flex)", false));
        assert_eq!(cpu.label.reason, Reason::Failed("Discrete 9".into()));
    }
}
