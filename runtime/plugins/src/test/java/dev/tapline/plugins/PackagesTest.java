package dev.tapline.plugins;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What the layers of plug-ins may know: the engine that they are for, and no command line.
class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.plugins");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tapline.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void knowsTheEngineTheLauncherAndTheSpiAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.tapline.plugins..",
                "dev.tapline.engine..",
                "dev.tapline.boot..",
                "dev.tapline.spi..",
                "java..",
                "org.jspecify.annotations"))
        .check(CLASSES);
  }
}
