// The patch of the Dockerfile. What the findings ask for with apk add goes into the stage that is
// the image.

#include "scan/dockerfile_plan.hpp"

#include "muslcheck/plan/dockerfile_patch.hpp"

namespace muslcheck::scan {

void add_dockerfile_plan(const Build& build, bool release_given, const rules::RuleSet& rules,
                         model::Report& report) {
  const plan::PatchRequest request{.release = report.target.release,
                                   .release_given = release_given,
                                   .apk = report.plan.apk,
                                   .stage = build.request.stage,
                                   .build_args = build.request.build_args};
  plan::DockerfilePatch patch =
      plan::patch_dockerfile(build.text, build.dockerfile, rules, request);
  report.plan.dockerfile = std::move(patch.diff);
  for (const plan::PatchNote& note : patch.notes)
    report.plan.dockerfile_notes.push_back(plan::describe(note));
  report.plan.dockerfile_multi_stage =
      plan::split_dockerfile(build.text, build.dockerfile, rules, request).diff;
}

}  // namespace muslcheck::scan
