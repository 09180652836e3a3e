package dev.tapline.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What the command line may know, and which of its packages knows what.
class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.cli");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tapline.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void knowsNoPlugin() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tapline.source..", "dev.tapline.sink..", "dev.tapline.files..")
        .check(CLASSES);
  }

  @Test
  void yamlIsReadInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tapline.cli.descriptor")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .check(CLASSES);
  }

  @Test
  void commandsAreParsedInTwoPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.tapline.cli", "dev.tapline.cli.command", "dev.tapline.cli.options")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void logbackIsKnownInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tapline.cli.logging")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ch.qos.logback..")
        .check(CLASSES);
  }
}
