package dev.tapline.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What the engine may know: no command line, no YAML, no logging implementation, no plug-in.
class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.engine");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tapline.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void knowsTheSpiAndItsLibrariesAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.tapline.engine..",
                "dev.tapline.spi..",
                "java..",
                "org.jspecify.annotations",
                "org.slf4j..",
                "tools.jackson.."))
        .check(CLASSES);
  }
}
