using System.Text.RegularExpressions;
using Orleans.Pipeline.Packaging.Tests.Commands;
using Orleans.Pipeline.Packaging.Tests.Node;
using YamlDotNet.RepresentationModel;

namespace Orleans.Pipeline.Packaging.Tests.Workflows;

public sealed partial class WorkflowTests
{
    [NodeFact]
    public async Task Workflows_are_what_GitHub_accepts() =>
        Assert.Equal("", await NodeTools.RunAsync("lint-workflows.mjs", Workflow.All.Select(workflow => workflow.Path)));

    [Fact]
    public void Everything_of_the_repository_that_workflows_name_is_there()
    {
        var named = Workflow.All
            .SelectMany(workflow => new[] { "run", "uses", "file", "project" }.SelectMany(workflow.Texts))
            .SelectMany(text => RepositoryPath().Matches(text)).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("test.sh", named);
        Assert.Contains("tests/ClusterCrash", named);
        Assert.All(named, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    [Fact]
    public void Every_variable_that_workflows_set_for_our_programs_is_read_by_one()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Append(Repository.PathOf("test.sh"))
            .Select(File.ReadAllText)
            .ToList();
        var ours = Workflow.All.SelectMany(workflow => workflow.Variables).Where(name => OurVariable().IsMatch(name)).Distinct().ToList();

        Assert.Contains("CRASH_KILLS", ours);
        Assert.All(ours, name => Assert.Contains(sources, source => source.Contains(
            $"\"{name}\"",
            StringComparison.Ordinal) || source.Contains($"${{{name}:-}}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_class_of_tests_that_the_nightly_run_names_is_in_its_project()
    {
        var runs = Workflow.All.Single(workflow => workflow.ToString() == "nightly.yml")
            .Jobs.Single()
            .Descendants()
            .Single(child => child.Key == "include")
            .Value;

        Assert.All((YamlSequenceNode)runs, run =>
        {
            var (project, filter) = (run.Mapping().Child("project")!.ToString(), run.Mapping().Child("filter")!.ToString());
            var files = Directory.EnumerateFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories);
            Assert.Contains(files, file => Regex.IsMatch(File.ReadAllText(file), $@"class \w*{filter.Split('~')[1]}\b"));
        });
    }

    [Fact]
    public void Workflows_may_read_and_only_the_jobs_of_a_release_may_more()
    {
        Assert.All(Workflow.All, workflow => Assert.Contains(workflow.Permissions!.ToString(), new[] { "{  }", "{ { contents, read } }" }));
        Assert.All(
            Workflow.All.Where(workflow => workflow.ToString() != "release.yml"),
            workflow => Assert.All(workflow.Jobs, job => Assert.Null(job.Child("permissions"))));
    }

    [Fact]
    public void Every_action_is_named_with_its_version_and_no_command_has_text_from_outside_pasted_in()
    {
        Assert.All(
            Workflow.All.SelectMany(workflow => workflow.Texts("uses")).Where(action => !action.StartsWith("./", StringComparison.Ordinal)),
            action => Assert.Matches("@(v[0-9]+|[0-9a-f]{40})$", action));
        Assert.All(
            Workflow.All.SelectMany(workflow => workflow.Texts("run")), command => Assert.DoesNotMatch(@"\$\{\{(?! matrix\.)", command));
    }

    [Fact]
    public void Dependabot_watches_folders_that_are_there()
    {
        var folders = Yaml.Read(Repository.PathOf(".github", "dependabot.yml")).Descendants()
            .SelectMany(child => child.Key switch { "directory" => [child.Value.ToString()], "directories" => ((YamlSequenceNode)child.Value).Select(folder => folder.ToString()), _ => [] }).ToList();

        Assert.True(folders.Count > 3);
        Assert.All(folders, folder => Assert.True(Directory.Exists(Repository.PathOf(folder.TrimStart('/'))), folder));
    }

    [GeneratedRegex(@"(?<![\w$}/.-])(?:\./)?((?:\.github|tests|src|samples|build|deploy)/[\w./-]+|[\w.-]+\.(?:sh|sln))")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("^(?:CRASH|PRODUCER|CONSUMER|SIMULATION|PIPELINE)_")]
    private static partial Regex OurVariable();
}
