package dev.tapline.engine.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.StreamName;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What could not be looked at is not gone: its positions stay, and the log with them.
class RemovedStreamsTest {
  private static final StreamName ORDERS = new StreamName("shop", "public", "orders");

  @TempDir Path folder;

  @Test
  void aStreamWhoseTableIsNotInTheCatalogIsGone() {
    assertThat(gone()).containsExactly(ORDERS);
  }

  @Test
  void aStreamOfADatabaseThatWasLeftOutIsNot() {
    assertThat(gone(new Finding.OfDatabase("shop"))).isEmpty();
    assertThat(gone(new Finding.OfDatabase("public"))).containsExactly(ORDERS);
  }

  @Test
  void aStreamOfASchemaThatIsClosedIsNot() {
    assertThat(gone(new Finding.OfSchema("shop", "public"))).isEmpty();
    assertThat(gone(new Finding.OfSchema("crm", "public"))).containsExactly(ORDERS);
    assertThat(gone(new Finding.OfSchema("shop", "shop"))).containsExactly(ORDERS);
  }

  @Test
  void aStreamThatMayNotBeReadIsNot() {
    assertThat(gone(new Finding.OfStream(ORDERS))).isEmpty();
    assertThat(gone(new Finding.OfStream(new StreamName("crm", "public", "orders"))))
        .containsExactly(ORDERS);
    assertThat(gone(new Finding.OfTopic("public.orders"))).containsExactly(ORDERS);
  }

  private Set<StreamName> gone(Finding.Subject... subjects) {
    Pipeline pipeline = new EngineFixture(folder).pipeline();
    List<Finding> findings =
        List.of(subjects).stream()
            .map(subject -> new Finding(Finding.Severity.WARNING, subject, "it is closed", ""))
            .toList();
    return RemovedStreams.among(Set.of(ORDERS), new Catalog(List.of(), findings), pipeline);
  }
}
