package dev.tapline.engine.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.catalog.StreamName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
  private static final StreamName ORDERS = new StreamName("shop", "public", "orders");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public.orders",
        "public.*",
        "*.orders",
        "p*.o?ders",
        "shop.public.orders",
        "*.*.*",
        "\"public\".orders"
      })
  void matches(String pattern) {
    assertThat(NamePattern.parse(pattern).matches(ORDERS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public.order",
        "Public.orders",
        "crm.public.orders",
        "public.orders_",
        "\"public.orders\".*",
        "public.\"o*\""
      })
  void doesNotMatch(String pattern) {
    assertThat(NamePattern.parse(pattern).matches(ORDERS)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "Odd \"Sch",
        "Tab.le 'q",
        ".",
        "star*t?",
        " led",
        "trailing ",
        "größe",
        "a b"
      })
  void anyNameCanBeSaidAsAPattern(String name) {
    NamePattern pattern =
        NamePattern.parse(NamePattern.word(name) + "." + NamePattern.word("x" + name));

    assertThat(pattern.isExact()).isTrue();
    assertThat(pattern.matches(new StreamName("shop", name, "x" + name))).isTrue();
  }

  @Test
  void aQuotedPartIsANameAsItIs() {
    NamePattern pattern = NamePattern.parse("public.\"a.b \"\"c\"\" *\"");

    assertThat(pattern.matches(new StreamName("shop", "public", "a.b \"c\" *"))).isTrue();
    assertThat(pattern.isExact()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "public.orders, public.*",
    "public.ord*, public.o*",
    "shop.public.*, public.*",
    "public.orders, *.orders",
    "shop.public.orders, public.orders"
  })
  void theFirstIsMoreSpecific(String more, String less) {
    assertThat(NamePattern.parse(more).specificity())
        .isGreaterThan(NamePattern.parse(less).specificity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "a.b.c.d", "", ".", "public.", "public.\"x"})
  void isNoPattern(String text) {
    assertThatThrownBy(() -> NamePattern.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
