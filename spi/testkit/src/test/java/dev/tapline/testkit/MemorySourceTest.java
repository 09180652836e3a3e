package dev.tapline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Source;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The kit passes a source that is right, and fails each one that is wrong.
final class MemorySourceTest extends SourceContract {
  private final MemorySource.Database database = new MemorySource.Database();
  private MemorySource.Fault fault = MemorySource.Fault.NONE;

  @Override
  protected Source open() {
    return new MemorySource(database, fault);
  }

  @Override
  protected StreamName create(String table) {
    return database.create(table);
  }

  @Override
  protected void insert(StreamName table, long first, long end) {
    database.change(table, Change.INSERT, first, end, null);
  }

  @Override
  protected void update(StreamName table, long id, @Nullable String note) {
    database.change(table, Change.UPDATE, id, id + 1, note);
  }

  @Override
  protected void delete(StreamName table, long id) {
    database.change(table, Change.DELETE, id, id + 1, null);
  }

  @Override
  protected boolean truncate(StreamName table) {
    database.change(table, Change.TRUNCATE, 0, 1, null);
    return true;
  }

  @Override
  protected Duration patience() {
    return Duration.ofSeconds(2);
  }

  @ParameterizedTest
  @EnumSource(value = MemorySource.Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void theKitFailsASourceThat(MemorySource.Fault wrong) throws Exception {
    assertThat(failures(wrong, method -> method.getName().equals(wrong.test)))
        .containsExactly(wrong.test);
  }

  @Test
  void theKitFailsNothingElse() throws Exception {
    assertThat(failures(MemorySource.Fault.NONE, method -> true)).isEmpty();
  }

  @Test
  void eachTestOfTheKitIsNeeded() {
    assertThat(Arrays.stream(MemorySource.Fault.values()).map(wrong -> wrong.test))
        .containsAll(ContractTests.of(SourceContract.class).stream().map(Method::getName).toList());
  }

  private static List<String> failures(MemorySource.Fault wrong, Predicate<Method> wanted)
      throws Exception {
    return ContractTests.failures(
        ContractTests.of(SourceContract.class).stream().filter(wanted).toList(),
        () -> {
          MemorySourceTest test = new MemorySourceTest();
          test.fault = wrong;
          return test;
        });
  }
}
