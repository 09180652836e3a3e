package dev.tapline.files.s3;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What the store may know.
final class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.files.s3");

  @Test
  void packagesNeedEachOtherOneWay() {
    slices().matching("dev.tapline.files.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void storeKnowsNothingOfTaplineButItsSpiAndFiles() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tapline..")
                .or(resideInAnyPackage("dev.tapline.spi..", "dev.tapline.files..")))
        .check(CLASSES);
  }
}
