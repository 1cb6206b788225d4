/** A process of its own that writes a folder as an image: `ROOT KIND PATH`. Prints the fault, or that it was written. */
import { faultText } from '../../../src/domain/fault.ts'
import { writeImage } from '../../../src/image/write.ts'
import { folderEntries, imageOf, layerOf } from './layer.ts'

const [root = '', kind = '', path = '', compression = 'none'] = process.argv.slice(2)
if (kind !== 'oci' && kind !== 'oci-archive' && kind !== 'docker-archive') throw new Error(`no kind: ${kind}`)
if (compression !== 'none' && compression !== 'gzip' && compression !== 'zstd') throw new Error(compression)
const image = imageOf([layerOf('root', folderEntries(root))])
const written = await writeImage(image, { kind, path }, { compression })
console.log('message' in written ? faultText(written) : `written: ${written.manifestDigest}`)
