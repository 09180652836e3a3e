package dev.tapline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kit passes a sink that is right, and fails each one that is wrong.
final class MemorySinkTest extends SinkContract {
  private final MemorySink.Destination destination = new MemorySink.Destination();
  private MemorySink.Fault fault = MemorySink.Fault.NONE;

  @Override
  protected Sink open(SinkContext context) {
    return new MemorySink(destination, fault);
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) {
    return List.copyOf(destination.visible.getOrDefault(stream.destination(), List.of()));
  }

  @Override
  protected boolean isReadByName() {
    return true;
  }

  @Override
  protected List<String> leftovers() {
    return List.copyOf(destination.prepared.keySet());
  }

  @ParameterizedTest
  @EnumSource(value = MemorySink.Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void theKitFailsASinkThat(MemorySink.Fault wrong) throws Exception {
    assertThat(failures(wrong)).contains(wrong.test);
  }

  @Test
  void theKitFailsNothingElse() throws Exception {
    assertThat(failures(MemorySink.Fault.NONE)).isEmpty();
  }

  private static List<String> failures(MemorySink.Fault wrong) throws Exception {
    return ContractTests.failures(
        ContractTests.of(SinkContract.class),
        () -> {
          MemorySinkTest test = new MemorySinkTest();
          test.fault = wrong;
          return test;
        });
  }
}
