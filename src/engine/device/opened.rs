//! Adapters that are open, and how one opens again after its device failed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::wgpu::{WgpuBackend, WgpuSetup, wgpu};
use burn::tensor::{Device, DeviceKind};

use crate::catch_panic::caught;
use crate::model::step;

/// Tasks that go to an adapter together.
const TASKS: usize = 64;

/// An adapter that is open.
pub struct Opened {
    kind: DeviceKind,
    api: WgpuBackend,
    /// burn's device, without autodiff.
    pub device: Device,
    setup: WgpuSetup,
    /// Whether the device failed, so that the adapter needs another one.
    pub has_failed: bool,
}

/// Whether limits allow steps in few launches: WebGPU's defaults do.
fn allows_few_launches(limits: &wgpu::Limits) -> bool {
    let units = step::UNITS as u32;
    limits.max_storage_buffers_per_shader_stage >= step::BINDINGS
        && limits.max_compute_invocations_per_workgroup >= units
        && limits.max_compute_workgroup_size_x >= units
        && limits.max_compute_workgroup_size_y >= step::SIDE as u32
        && limits.max_compute_workgroup_storage_size >= step::SHARED_BYTES
}

/// Adapters that are open: each can be chosen by its kind only once per process, so that a restart
/// goes on with the device that is there.
pub fn opened() -> MutexGuard<'static, Vec<Opened>> {
    static OPEN: Mutex<Vec<Opened>> = Mutex::new(Vec::new());
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Opened {
    /// Opens an adapter for the first time.
    ///
    /// # Errors
    /// wgpu's reason.
    pub fn new(kind: &DeviceKind, api: WgpuBackend) -> Result<Self, String> {
        let (device, setup) = Device::wgpu_options()
            .tasks_max(TASKS)
            .device_kind(kind.clone())
            .graphics_api(api)
            .init_with_setup()
            .map_err(|e| e.to_string())?;
        Ok(Self { kind: kind.clone(), api, device, setup, has_failed: false })
    }

    /// Whether it is the adapter that is chosen so.
    pub fn is_on(&self, kind: &DeviceKind, api: WgpuBackend) -> bool {
        (&self.kind, self.api) == (kind, api)
    }

    /// Bytes of the largest buffer that the adapter binds.
    pub fn buffer_limit(&self) -> u64 {
        let limits = self.setup.device.limits();
        limits.max_buffer_size.min(limits.max_storage_buffer_binding_size)
    }

    /// Whether the adapter's limits allow steps in few launches.
    pub fn allows_few_launches(&self) -> bool {
        allows_few_launches(&self.setup.device.limits())
    }

    /// Another device on the same adapter, registered under a number of its own.
    ///
    /// # Errors
    /// The adapter is gone, or wgpu's reason.
    pub fn anew(&self) -> Result<Self, String> {
        let adapter = self.adapter()?;
        let (features, limits) = (Self::features(&adapter), adapter.limits());
        self.with(adapter, features, limits)
    }

    /// A device on the same adapter with no more than what WebGPU asks of every adapter, features apart:
    /// cubecl goes by those of the adapter.
    ///
    /// # Errors
    /// The adapter is gone, or wgpu's reason.
    #[cfg(test)]
    pub fn with_the_least(&self) -> Result<Self, String> {
        let adapter = self.adapter()?;
        let features = Self::features(&adapter);
        self.with(adapter, features, wgpu::Limits::default())
    }

    /// As cubecl asks for a device, whose kernels go by what the adapter can; only experimental
    /// features need `unsafe`, and WGSL kernels none of them.
    fn features(adapter: &wgpu::Adapter) -> wgpu::Features {
        let left_out =
            wgpu::Features::MAPPABLE_PRIMARY_BUFFERS | wgpu::Features::all_experimental_mask();
        adapter.features().difference(left_out)
    }

    /// The adapter, asked for again, because its driver may have started anew; of the same instance,
    /// because none may be made beside another thread's.
    fn adapter(&self) -> Result<wgpu::Adapter, String> {
        let info = self.setup.adapter.get_info();
        let adapters = self.setup.instance.enumerate_adapters(self.setup.backend.into());
        let adapter = pollster::block_on(adapters).into_iter().find(|a| a.get_info() == info);
        adapter.ok_or_else(|| "it is not there any more".into())
    }

    fn with(
        &self,
        adapter: wgpu::Adapter,
        required_features: wgpu::Features,
        required_limits: wgpu::Limits,
    ) -> Result<Self, String> {
        let WgpuSetup { instance, backend, .. } = self.setup.clone();
        let wanted = wgpu::DeviceDescriptor {
            required_features,
            required_limits,
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..wgpu::DeviceDescriptor::default()
        };
        let device = pollster::block_on(adapter.request_device(&wanted));
        let (device, queue) = device.map_err(|e| e.to_string())?;
        let setup = WgpuSetup { instance, adapter, device, queue, backend };
        let options = Device::wgpu_options().tasks_max(TASKS).setup(setup.clone());
        let device = options.init().map_err(|e| e.to_string())?;
        Ok(Self { kind: self.kind.clone(), api: self.api, device, setup, has_failed: false })
    }

    /// Gives back what a failed device holds of the adapter's memory, as far as it still can.
    pub fn give_up(&mut self) {
        self.has_failed = true;
        let device = &self.setup.device;
        caught(|| {
            device.destroy();
            device.poll(wgpu::PollType::Poll).ok();
        })
        .ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_limits_of_webgpu_allow_steps_in_few_launches_and_lower_ones_do_not() {
        let least = wgpu::Limits::default();
        assert!(allows_few_launches(&least));
        let lower = [
            wgpu::Limits { max_storage_buffers_per_shader_stage: 4, ..least.clone() },
            wgpu::Limits { max_compute_invocations_per_workgroup: 128, ..least.clone() },
            wgpu::Limits { max_compute_workgroup_size_x: 128, ..least.clone() },
            wgpu::Limits { max_compute_workgroup_storage_size: 8192, ..least },
        ];
        assert!(lower.iter().all(|limits| !allows_few_launches(limits)));
    }
}
