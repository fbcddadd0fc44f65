using System.CommandLine;
using Orleans.Pipeline.Cli.Invocation;
using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks a deployment, and reports each fault with its remedy.</summary>
internal sealed class DoctorCommand : PipelineCommand
{
    private readonly Option<bool> _strict = new("--strict") { Description = "Exit with 6 for warnings too." };

    public DoctorCommand()
        : base("doctor", "Check a deployment: the network path to each gateway, its certificate, clock and version, your credentials, commit latency, nodes, pipelines and topics. Exits with 6 if something is wrong.") => Add(_strict);

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var report = new DoctorReport();
        var answers = await CheckGatewaysAsync(context, report, cancellationToken);
        if (answers)
        {
            await CheckContentsAsync(context, report, cancellationToken);
        }

        var worst = report.Findings.Max(finding => finding.Severity);
        if (context.Output.IsJson)
        {
            context.Output.WriteDocument(new DoctorJson(worst, report.Findings), CliJson.Default.DoctorJson);
        }
        else
        {
            Show(context.Output, report.Findings);
        }

        return worst == Severity.Problem
            || (worst == Severity.Warning && context.Options.GetValue(_strict)) ? ExitCode.ProblemsFound : ExitCode.Ok;
    }

    private static async Task<bool> CheckGatewaysAsync(CommandContext context, DoctorReport report, CancellationToken cancellationToken)
    {
        var connection = context.Connection;
        var answers = false;
        var schemas = new SortedSet<int>();
        foreach (var address in connection.Servers)
        {
            var gateway = new GatewayCheck(connection, report);
            answers |= await new AddressCheck(connection, report).RunAsync(address, cancellationToken)
                && await gateway.RunAsync(address, cancellationToken);
            if (gateway.Server?.Schema is { } schema)
            {
                schemas.Add(schema);
            }
        }

        if (schemas.Count > 1)
        {
            report.Warn(
                "gateways",
                $"they use several versions of the database schema: {string.Join(", ", schemas)}",
                "Finish the update. Running gateways of the older version continue but cannot start again, and only a backup leads back.");
        }

        return answers;
    }

    private static async Task CheckContentsAsync(CommandContext context, DoctorReport report, CancellationToken cancellationToken)
    {
        var client = context.Client;
        try
        {
            await new StoreCheck(client, report).RunAsync(cancellationToken);
            await new NodeCheck(client, report).RunAsync(cancellationToken);
            var pipelines = await client.Admin.ListPipelinesAsync(cancellationToken);
            var pipelineCheck = new PipelineCheck(client.Admin, report);
            foreach (var pipeline in pipelines)
            {
                await pipelineCheck.RunAsync(pipeline, cancellationToken);
            }

            foreach (var undefined in await client.Admin.ListUndefinedAsync(cancellationToken))
            {
                PipelineCheck.Note(undefined, report);
            }

            var topics = await client.Admin.ListTopicsAsync(cancellationToken);
            var topicCheck = new TopicCheck(client, pipelines, report);
            foreach (var topic in topics)
            {
                await topicCheck.RunAsync(await client.Admin.DescribeTopicAsync(topic.Topic, cancellationToken), cancellationToken);
            }

            report.Ok("topics", $"{NumberText.Of(topics.Count, "topic")} looked at");
        }
        catch (AccessDeniedException denied)
        {
            report.Fail("pipelines and topics", denied.Message, GatewayCheck.AdviceOn(denied, context.Connection));
        }
        catch (PipelineException failure)
        {
            report.Fail(
                "pipelines and topics", $"they cannot be looked at: {failure.Message}", "Fix that first, then run the doctor again.");
        }
    }

    private static void Show(CommandOutput output, IReadOnlyList<Finding> findings)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn { NoWrap = true, Width = "warning".Length }.Padding(0, 0, 2, 0))
            .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var finding in findings)
        {
            var word =
                finding.Severity switch { Severity.Ok => "[green]ok[/]", Severity.Warning => "[yellow]warning[/]", _ => "[red]problem[/]" };
            grid.AddRow(new Markup(word), new Markup($"[bold]{finding.Subject.EscapeMarkup()}[/]: {finding.Text.EscapeMarkup()}"));
            if (finding.Advice is { } advice)
            {
                grid.AddRow(new Text(""), new Markup($"→ {advice.EscapeMarkup()}"));
            }
        }

        output.Page.Write(grid);
        var (problems, warnings) = (
            findings.Count(finding => finding.Severity == Severity.Problem),
            findings.Count(finding => finding.Severity == Severity.Warning));
        output.Note($"{NumberText.Of(problems, "problem")}, {NumberText.Of(warnings, "warning")}.");
    }
}

/// <summary>The doctor's report, as <c>--json</c> writes it.</summary>
/// <param name="Worst">The worst severity found.</param>
/// <param name="Findings">The findings.</param>
internal sealed record DoctorJson(Severity Worst, IReadOnlyList<Finding> Findings);
