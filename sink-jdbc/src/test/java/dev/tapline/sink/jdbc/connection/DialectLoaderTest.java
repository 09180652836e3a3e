package dev.tapline.sink.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.standard.StandardDialect;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DialectLoaderTest {
  private static Stream<ModuleDescriptor> providing(String service) {
    return Stream.of(
        ModuleDescriptor.newModule("acme.db")
            .packages(Set.of("acme"))
            .provides(service, List.of("acme.AcmeDialect"))
            .build());
  }

  @Test
  void aDialectOfAnEarlierVersionIsRefusedAndNotPassedOver() {
    assertThatThrownBy(
            () -> DialectLoader.requireCurrent(providing("dev.tapline.sink.jdbc.dialect.Dialect")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the module acme.db is for an earlier version of Tapline")
        .hasMessageContaining("compile it anew, as a dev.tapline.sink.jdbc.dialect.api.Dialect");
  }

  @Test
  void aDialectOfThisVersionIsFine() {
    DialectLoader.requireCurrent(providing(Dialect.class.getName()));

    assertThat(DialectLoader.of("jdbc:nobody:x")).isInstanceOf(StandardDialect.class);
  }
}
