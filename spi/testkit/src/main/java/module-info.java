import org.jspecify.annotations.NullMarked;

/// What a plug-in author tests a plug-in with.
@NullMarked
module dev.tapline.testkit {
  requires transitive dev.tapline.spi;
  requires org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires org.junit.jupiter.params;
  requires static org.jspecify;

  exports dev.tapline.testkit;

  // JUnit calls the tests of a contract by reflection.
  opens dev.tapline.testkit to
      org.junit.platform.commons;
}
