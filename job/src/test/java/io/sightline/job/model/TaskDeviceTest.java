package io.sightline.job.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TaskDeviceTest {
    @Test
    void aTaskComputesOnTheGpuThatSparkAssigned() {
        assertThat(TaskDevice.assigned("3", "auto", 4)).isEqualTo(new TaskDevice("cuda:3", "3"));
        assertThat(TaskDevice.assigned("3", "cuda", 4)).isEqualTo(new TaskDevice("cuda:3", "3"));
    }

    @Test
    void withoutAnAssignedGpuTheJobFileDecides() {
        assertThat(TaskDevice.ofCallingTask("auto")).isEqualTo(new TaskDevice("auto", null));
        assertThat(TaskDevice.ofCallingTask("cuda")).isEqualTo(new TaskDevice("cuda", null));
    }

    @Test
    void autoFallsBackToTheCpuWhereTheNativesFindNoGpu() {
        assertThat(TaskDevice.assigned("1", "auto", 0)).isEqualTo(new TaskDevice("cpu", "1"));
    }

    @Test
    void cudaDoesNotFallBack() {
        assertThat(TaskDevice.assigned("1", "cuda", 0).name()).isEqualTo("cuda:1");
    }

    @Test
    void cpuStaysCpuWhateverSparkAssigned() {
        assertThat(TaskDevice.assigned("1", "cpu", 2)).isEqualTo(new TaskDevice("cpu", "1"));
    }

    @Test
    void anAddressThatIsNoIndexIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> TaskDevice.assigned("GPU-6a1b", "auto", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'GPU-6a1b'")
                .hasMessageContaining("scripts/gpu-discovery");
    }
}
