using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Orleans.Pipeline.Packaging.Tests.Layers;

/// <summary>A project of the product: its folders, and which of them its compiled types use.</summary>
/// <param name="path">The project's folder.</param>
internal sealed partial class Room(params string[] path)
{
    private readonly string _folder = Repository.PathOf(path);

    /// <summary>The folders directly below the project that hold sources.</summary>
    public IEnumerable<string> Folders =>
        _folders ??= [.. FolderOfType.Values.Where(folder => folder != "").Distinct().Order(StringComparer.Ordinal)];

    private IReadOnlyList<string>? _folders;

    /// <summary>Every use of a type of one folder by a type of another, both of this project. The project's root is left out.</summary>
    public IEnumerable<Use> Uses => _uses ??= [.. Read()];

    private IReadOnlyList<Use>? _uses;

    private string Project => Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(_folder, "*.csproj").Single());

    private Dictionary<string, string> FolderOfType => _folderOfType ??= Declarations();

    private Dictionary<string, string>? _folderOfType;

    /// <summary>One use across folders.</summary>
    internal sealed record Use(string Type, string From, string To, string Used);

    /// <summary>Finds a circle of folders, as "A → B → A"; an empty string if there is none.</summary>
    public string FindCircle()
    {
        var arrows = Uses.ToLookup(use => use.From, use => use.To);
        foreach (var start in Folders)
        {
            if (Way(start, start, [], arrows) is { } way)
            {
                return string.Join('\n', way.Zip(way.Skip(1), (from, to) =>
                {
                    var use = Uses.First(use => use.From == from && use.To == to);
                    return $"{Path.GetRelativePath(Repository.PathOf(), _folder)}: {from} → {to} ({use.Type} uses {use.Used})";
                }));
            }
        }

        return "";
    }

    private static List<string>? Way(string from, string end, HashSet<string> seen, ILookup<string, string> arrows)
    {
        foreach (var next in arrows[from].Distinct())
        {
            if (next == end)
            {
                return [from, end];
            }

            if (seen.Add(next) && Way(next, end, seen, arrows) is { } rest)
            {
                return [from, .. rest];
            }
        }

        return null;
    }

    /// <summary>
    /// Maps the full name of each type to the first folder of its path; the files of a project's root have none. Razor compiles a component
    /// to a class with the name of its file, in the namespace of its folder.
    /// </summary>
    private Dictionary<string, string> Declarations()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Sources("*.cs"))
        {
            var source = File.ReadAllText(file);
            var space = NamespaceOf().Match(source).Groups[1].Value;
            foreach (Match declaration in DeclarationOf().Matches(source))
            {
                var arity = declaration.Groups[2].Success ? $"`{declaration.Groups[2].Value.Count(character => character == ',') + 1}" : "";
                found[$"{space}.{declaration.Groups[1].Value}{arity}"] = FolderOf(file);
            }
        }

        foreach (var file in Sources("*.razor"))
        {
            var component = Path.ChangeExtension(Path.GetRelativePath(_folder, file), null);
            found[$"{Project}.{component.Replace(Path.DirectorySeparatorChar, '.')}"] = FolderOf(file);
        }

        return found;
    }

    private IEnumerable<string> Sources(string pattern) =>
        Directory.EnumerateFiles(_folder, pattern, SearchOption.AllDirectories).Where(file => FolderOf(file) is not ("bin" or "obj"));

    private string FolderOf(string file)
    {
        var parts = Path.GetRelativePath(_folder, file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1 ? parts[0] : "";
    }

    private IEnumerable<Use> Read()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(_folder, "bin", "Release", "net10.0", $"{Project}.dll"));
        foreach (var type in assembly.MainModule.Types)
        {
            if (FolderOfType.GetValueOrDefault(type.FullName, "") is not { Length: > 0 } from)
            {
                continue;
            }

            foreach (var used in TypesUsedBy(type).Select(NameOf).Distinct())
            {
                if (FolderOfType.GetValueOrDefault(used, "") is { Length: > 0 } to && to != from)
                {
                    yield return new Use(type.Name, from, to, used);
                }
            }
        }
    }

    private static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type) =>
    [
        .. Parts(type.BaseType),
        .. type.Interfaces.SelectMany(implemented => Parts(implemented.InterfaceType)),
        .. type.CustomAttributes.SelectMany(attribute => Parts(attribute.AttributeType)),
        .. type.Fields.SelectMany(field => Parts(field.FieldType)),
        .. type.Methods.SelectMany(TypesUsedBy),
        .. type.NestedTypes.SelectMany(TypesUsedBy),
    ];

    private static IEnumerable<TypeReference> TypesUsedBy(MethodDefinition method) =>
    [
        .. Parts(method.ReturnType),
        .. method.Parameters.SelectMany(parameter => Parts(parameter.ParameterType)),
        .. method.HasBody ? method.Body.Variables.SelectMany(variable => Parts(variable.VariableType)) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
        {
            TypeReference used => Parts(used),
            FieldReference field => [.. Parts(field.DeclaringType), .. Parts(field.FieldType)],
            MethodReference called =>
            [
                .. Parts(called.DeclaringType), .. Parts(called.ReturnType),
                .. called is GenericInstanceMethod generic ? generic.GenericArguments.SelectMany(Parts) : [],
            ],
            _ => [],
        }) : [],
    ];

    /// <summary>A type and the types that it is made of: elements of arrays, arguments of generic types.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private static string NameOf(TypeReference type) => type.DeclaringType is { } outer ? NameOf(outer) : type.FullName;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^(?:public|internal) (?:(?:static|sealed|abstract|readonly|partial|ref|unsafe) )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>?]+) (\w+)(?:<([^>(]*)>)?", RegexOptions.Multiline)]
    private static partial Regex DeclarationOf();
}
