using System.CommandLine;

namespace Orleans.Pipeline.Cli.DeadLetters;

/// <summary>Arguments and options for the place of one dead letter.</summary>
internal static class PlaceArgument
{
    private const string Form = "partition and offset in the dead-letter topic, such as 3:17";

    public static Argument<DeadLetterPosition?> Create(bool isOptional) => new("place")
    {
        HelpName = "PLACE",
        Description = $"{(isOptional ? "Only this one" : "The dead letter")}, by {Form}.",
        Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        CustomParser = static result => Parse(result.Tokens[^1].Value, result.AddError),
    };

    public static Option<DeadLetterPosition?> Option(string name, string description) => new(name)
    {
        HelpName = "PLACE",
        Description = description,
        CustomParser = static result => Parse(result.Tokens[^1].Value, result.AddError),
    };

    private static DeadLetterPosition? Parse(string text, Action<string> fail)
    {
        if (DeadLetterPosition.TryParse(text, out var position))
        {
            return position;
        }

        fail($"'{text}' is not the place of a dead letter. Give {Form}.");
        return null;
    }
}
