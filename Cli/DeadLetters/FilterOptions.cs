using System.CommandLine;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>The options that select dead letters.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _errorType = new("--error-type")
    {
        HelpName = "TYPE",
        Description = "Only dead letters with this type of error. The last part of its name is enough, such as FormatException.",
        CustomParser = GivenText.Parse,
    };

    private readonly Option<string?> _step =
        new("--step") { HelpName = "NAME", Description = "Only dead letters that failed in this step.", CustomParser = GivenText.Parse };

    private readonly Option<string?> _stage = new("--stage")
    {
        HelpName = "NAME",
        Description = "Only dead letters of this stage.",
        CustomParser = GivenText.Parse,
    };

    private readonly Option<int?> _partition =
        new("--partition", "-p")
        {
            HelpName = "NUMBER",
            Description = "Only dead letters in this partition of the dead-letter topic.",
            CustomParser = NumberRange.Partition.ParseOptional,
        };

    public void AddTo(Command command)
    {
        command.Add(_errorType);
        command.Add(_step);
        command.Add(_stage);
        command.Add(_partition);
    }

    /// <summary>Builds the filter from the options.</summary>
    /// <exception cref="UsageException">The type of error matches none of the pipeline's types, or several.</exception>
    public async Task<DeadLetterFilter> FindAsync(
        ParseResult options, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken) => new()
        {
            ErrorType = options.GetValue(_errorType) is { } type ? await WholeNameAsync(type, admin, pipeline, cancellationToken) : null,
            Step = options.GetValue(_step),
            Stage = options.GetValue(_stage),
            Partition = options.GetValue(_partition),
        };

    /// <summary>Returns the last part of a type's name. Users may select a type by it.</summary>
    public static string LastPart(string type) => type[(type.LastIndexOf('.') + 1)..];

    private static async Task<string> WholeNameAsync(string type, PipelineAdmin admin, string pipeline, CancellationToken cancellationToken)
    {
        if (type.Contains('.', StringComparison.Ordinal))
        {
            return type;
        }

        var known = (await admin.ListDeadLetterErrorsAsync(pipeline, cancellationToken))
            .Select(error => error.ErrorType)
            .Distinct()
            .ToList();
        var meant = known.Where(each => each == type || each.EndsWith($".{type}", StringComparison.Ordinal)).ToList();
        return meant switch
        {
            [var only] => only,
            [] => throw new UsageException(
                $"--error-type: no dead letter of pipeline '{pipeline}' has an error of type '{type}'."
                + (Similar.To(type, known.Select(LastPart)) is { } similar ? $" Did you mean {similar}?" : known.Count > 0 ? $" There are: {string.Join(", ", known)}." : "")),
            _ => throw new UsageException($"--error-type: '{type}' matches several types of errors: {string.Join(", ", meant)}. Give one full name."),
        };
    }
}
