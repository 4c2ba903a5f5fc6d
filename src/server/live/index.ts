export { LiveContacts } from './contacts.ts';
