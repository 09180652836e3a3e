package dev.tapline.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.batch.Batch;
import java.lang.module.ModuleDescriptor.Requires;
import org.junit.jupiter.api.Test;

class ModulePathTest {
  private final Module module = Batch.class.getModule();

  @Test
  void theTestsRunInTheModule() {
    assertThat(module.getName()).isEqualTo("dev.tapline.spi");
    assertThat(getClass().getModule()).isSameAs(module);
  }

  @Test
  void needsNoModuleButTheBaseAtRunTime() {
    assertThat(module.getDescriptor().requires())
        .filteredOn(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
        .extracting(Requires::name)
        .containsExactly("java.base");
  }
}
